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

// again begins the advice for trouble that may pass by itself.
const again = "Verify again in a few minutes. "

// remedyFor returns what to do about an error that kept something from being read.
func (v *verdict) remedyFor(err error, what access.Capability) access.Advice {
	const ifSo = again + "If nothing changes, "
	switch code := fault.CodeOf(err); code {
	case fault.OutOfTime:
		return access.Advise("Verify again when GitHub is less busy. For a very large account the reports may take longer than Verify has time.")
	case fault.RateLimited:
		return access.Advise("Verify again later; the first check says when.")
	case fault.Unreachable:
		return access.Advise(ifSo+"%s says whether GitHub has trouble.", statusPage)
	case fault.NotGitHub:
		return access.Advise(ifSo+"ask the people who run the network here to look for a proxy or filter that blocks %s.", v.apiHost)
	case fault.ReportHost:
		return access.Advise(ifSo+"let the network here reach copilot-reports.%s, copilot-reports-*.b01.azurefd.net and *.blob.core.windows.net by https, "+
			"where GitHub keeps the reports.", v.request.Account.Host)
	case fault.ReportCut:
		return access.Advise(ifSo + "see whether the network here cuts long downloads.")
	case fault.LinkRefused:
		return access.Advise("Verify again: GitHub gives out fresh links each time.")
	case fault.LinkUnknown:
		return access.Advise("GitHub keeps its reports on a host that this version does not know. Update the connector. If it is the newest version, tell CloudMonitor's support.")
	case fault.Unexpected:
		return access.Advise(ifSo + "tell CloudMonitor's support the answer. A proxy or filter in the network here may have written it, " +
			"or the connector needs an update.")
	case fault.ReportBroken, fault.ReportChanged, fault.OtherAccount, fault.TooMany:
		return access.Advise(ifSo+"what GitHub sends is faulty: tell GitHub Support the account and the days, at %s.", supportPage)
	default:
		if fault.CodeOf(err).RefusesToken() {
			return v.refusalRemedy(err, what)
		}
		return access.Advise(ifSo + "tell CloudMonitor's support.")
	}
}

// refusalRemedy returns what to do if GitHub refuses to show something.
func (v *verdict) refusalRemedy(err error, what access.Capability) access.Advice {
	switch fault.CodeOf(err) {
	case fault.PolicyOff:
		return v.enablePolicy()
	case fault.TokenRules, fault.TokenLifetime:
		return v.rulesRemedy(err)
	case fault.IPRefused:
		return v.addressRemedy(err)
	case fault.SSORequired:
		return v.authorise(v.name())
	case fault.TokenRefused:
		return v.newToken()
	case fault.Suspended:
		return v.othersToken()
	case fault.AppSuspended, fault.NotInstalled, fault.KeyRefused:
		return access.Advise("Look at %s and verify again.", v.installed())
	case fault.Waiting:
		return v.acceptPermission()
	case fault.Permission:
		return v.grant(what)
	case fault.NotPrivileged:
		if v.entitled() {
			return v.askOwner() // the role is not what GitHub objects to
		}
		if what == access.Usage || what == access.Users {
			return v.ownersToken()
		}
		return v.giversToken(what)
	default:
		return v.askOwner()
	}
}

// grant returns the advice how the token gets the right to read more.
func (v *verdict) grant(what access.Capability) access.Advice {
	if v.isApp() {
		return v.askPermission(what)
	}
	if _, ok := access.For(v.request.Account.Scope, v.kind, what); !ok {
		return v.newToken() // of another kind
	}
	return access.Advise("Open %s, choose this token and add %s. Its owner must be an %s of %s.", v.tokensPage(), access.Needs{{Grant: v.least(what)}},
		access.GiverOf(v.request.Account.Scope, what).Who, v.request.Account.Slug)
}

func (v *verdict) giversToken(what access.Capability) access.Advice {
	if v.isApp() {
		return v.askPermission(what)
	}
	return access.Advise("Use a personal access token of an %s of %s: GitHub shows this to nobody else.",
		access.GiverOf(v.request.Account.Scope, what).Who, v.request.Account.Slug)
}
