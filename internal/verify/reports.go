package verify

import (
	"fmt"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// judgeUsage leaves a refusal to the check that has explained it, and fails for one that none has.
func (e *evidence) judgeUsage(explained bool) finding {
	switch {
	case e.access != nil && explained:
		return skip("Not read: see the checks above.", "")
	case e.access != nil:
		return fail(fmt.Sprintf("GitHub does not hand out the usage reports of %s%s.", e.account(), said(e.access)), e.privilegeRemedy())
	}
	var days usageDays
	for i := range e.days {
		days.add(&e.days[i])
	}
	found := fmt.Sprintf("%d of the last %d days are there.", len(days.read), previewDays)
	switch {
	case len(days.unread) > 0 && len(days.read) == 0:
		return fail("No usage report could be read whole: "+unreadCause(days.problem)+".", e.unreadRemedy(days.problem))
	case len(days.unread) > 0:
		return warn(fmt.Sprintf("%s The reports of %s could not be read whole: %s. Nothing of them is shown.",
			found, list(days.unread), unreadCause(days.problem)), e.unreadRemedy(days.problem))
	case len(days.read) == 0:
		return warn(fmt.Sprintf("GitHub has no report for any of the last %d days.", previewDays),
			"This is normal where Copilot or the policy \"Copilot usage metrics\" was switched on lately: reports begin on the day after, and each "+
				"takes up to two days. They come in by themselves. If there is none after three days, have an owner check that the policy is enabled for "+e.account()+".")
	case days.active == 0:
		return warn(found+" They show nobody active on any of them.",
			"If people do use Copilot: check that they have seats, that the policy \"Copilot usage metrics\" covers every organization (\"Enabled everywhere\"), "+
				"and that their editors may send telemetry. If nobody does, all is well.")
	}
	if len(days.absent) > 0 {
		found += fmt.Sprintf(" GitHub has none for %s; a report takes up to two full days.", list(days.absent))
	}
	return pass(found)
}

// usageDays sorts days by what came of their usage report.
type usageDays struct {
	read, absent, unread []connector.Date
	active               int64
	problem              error // of the last unread day
}

func (u *usageDays) add(d *dayEvidence) {
	switch {
	case d.usage != nil:
		u.read = append(u.read, d.date)
		if d.usage.ActiveUsers != nil {
			u.active += *d.usage.ActiveUsers
		}
	case noReport(d.usageErr):
		u.absent = append(u.absent, d.date)
	default:
		u.unread, u.problem = append(u.unread, d.date), d.usageErr
	}
}

// perUserSince is the first day for which GitHub has reports at all, and with them per-user data.
var perUserSince = map[connector.Scope]string{
	connector.Enterprise:   "2025-10-10",
	connector.Organization: "2025-12-12",
}

func (e *evidence) judgeUsers() finding {
	if e.access != nil {
		return skip("Not read: see the checks above.", "")
	}
	var (
		known                  int
		absent, unread, denied []connector.Date
		settled                bool // one that is absent will not come any more
		problem, refusal       error
	)
	for i := range e.days {
		d := &e.days[i]
		switch {
		case d.usage == nil:
		case d.peopleKnown():
			known++
		case d.people != nil || noReport(d.peopleErr):
			absent = append(absent, d.date)
			settled = settled || metrics.StateRead(d.date, e.now) == metrics.Final
		case refused(d.peopleErr):
			denied, refusal = append(denied, d.date), d.peopleErr
		default:
			unread, problem = append(unread, d.date), d.peopleErr
		}
	}
	lost := " Engaged users, used credits and distinct people are unknown for these days."
	switch {
	case len(denied) > 0:
		return warn(fmt.Sprintf("GitHub does not hand out per-user reports%s.%s", said(refusal), lost), e.newToken())
	case len(unread) > 0:
		return warn(fmt.Sprintf("The per-user reports of %s could not be read whole: %s.%s", list(unread), unreadCause(problem), lost), e.unreadRemedy(problem))
	case known == 0 && len(absent) == 0:
		return skip("Not read: there is no day with usage yet.", "")
	case settled || known == 0:
		return warn(fmt.Sprintf("GitHub has no per-user data for %s.%s", list(absent), lost),
			fmt.Sprintf("Nothing can be done for days in the past: per-user data of %s begin on %s and may be missing for single days. "+
				"If every day lacks them, see that the token's owner may read all usage metrics.", e.request.Account.Scope.Article(), perUserSince[e.request.Account.Scope]))
	case len(absent) > 0:
		return pass(fmt.Sprintf("Read for %s; those of %s are not ready yet.", days(known), list(absent)))
	}
	return pass(fmt.Sprintf("Read for %s.", days(known)))
}

func unreadCause(err error) string {
	switch connector.CodeOf(err) {
	case connector.CodeOutOfTime:
		return "they did not fit into the time that Verify has"
	case connector.CodeRateLimited:
		return "GitHub's rate limit was reached"
	}
	return strings.TrimPrefix(cause(err), ": ")
}

func (e *evidence) unreadRemedy(err error) string {
	switch connector.CodeOf(err) {
	case connector.CodeOutOfTime:
		return "Nothing needs mending: large reports take longer than Verify may. Verify again if GitHub was slow."
	case connector.CodeRateLimited:
		return "Verify again later; the first check says when."
	case connector.CodeUnreachable:
		return fmt.Sprintf("Verify again in a few minutes. If it stays so, let the network here reach https://copilot-reports.%s and "+
			"https://*.blob.core.windows.net, where GitHub keeps the reports.", e.request.Account.Host)
	}
	return "Verify again in a few minutes. If it stays so, what GitHub sends is faulty: tell GitHub Support the account and the days."
}

// list names days, the first few of many.
func list(dates []connector.Date) string {
	const most = 4
	var names []string
	for _, d := range dates[:min(len(dates), most)] {
		names = append(names, d.String())
	}
	if more := len(dates) - most; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(names, ", "), more)
	}
	return strings.Join(names, ", ")
}
