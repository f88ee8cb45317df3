package verify

import (
	"fmt"
	"slices"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// unreadDays groups the days whose report was not read whole by the code of the error.
type unreadDays []unreadReason

type unreadReason struct {
	err   error // the error of the first day
	words string
	dates []calendar.Date
}

func (u *unreadDays) add(day calendar.Date, err error) {
	words := fault.CauseOf(err)
	switch {
	case fault.Is(err, fault.OutOfTime):
		words = "not delivered within the time that Verify has"
	case fault.Is(err, fault.RateLimited):
		words = "not asked for any more, as GitHub's rate limit was reached"
	case fault.CodeOf(err).RefusesToken():
		words = "refused by GitHub" + said(err)
	}
	if at := slices.IndexFunc(*u, func(r unreadReason) bool { return r.words == words }); at >= 0 {
		(*u)[at].dates = append((*u)[at].dates, day)
		return
	}
	*u = append(*u, unreadReason{err: err, words: words, dates: []calendar.Date{day}})
}

func (u unreadDays) sentences() string {
	var sentences []string
	for _, r := range u {
		sentences = append(sentences, fmt.Sprintf("%s: %s.", calendar.ListDates(r.dates), r.words))
	}
	return strings.Join(sentences, " ")
}

// remedies returns what to do about days whose reports were not read whole. Each advice comes once.
func (v *verdict) remedies(unread unreadDays, what access.Capability) access.Advice {
	var remedies []access.Advice
	for _, r := range unread {
		remedy := v.remedyFor(r.err, what)
		if !slices.ContainsFunc(remedies, func(other access.Advice) bool { return other.Words == remedy.Words }) {
			remedies = append(remedies, remedy)
		}
	}
	return access.Together(" ", remedies...)
}
