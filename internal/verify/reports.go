package verify

import (
	"fmt"
	"slices"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

func (v *verdict) usage() finding {
	switch v.cause {
	case causeNone:
	case causeUnexplained:
		return v.unexplained()
	default:
		return v.blocked()
	}
	var (
		read          int
		used          bool
		late, missing []calendar.Date
		unread        unreadDays
	)
	for _, d := range v.days {
		switch {
		case d.usage != nil:
			read++
			used = used || d.usage.ActiveUsers == nil || *d.usage.ActiveUsers > 0 // nil: not known to be nobody
		case noReport(d.usageErr) && metrics.StateUnread(d.date, v.now) == metrics.Missing:
			missing = append(missing, d.date)
		case noReport(d.usageErr):
			late = append(late, d.date)
		default:
			unread.add(d.date, d.usageErr)
		}
	}
	found := fmt.Sprintf("%d of the last %d days are there.", read, previewDays)
	switch {
	case read == 0 && v.rateLimited() != nil:
		return v.blocked()
	case read == 0 && len(late)+len(missing) == 0:
		return fail("No usage report could be read whole. "+unread.sentences(), v.remedy(unread))
	case read == 0:
		return v.notReady(unread)
	case len(unread) > 0:
		return warn(found+" "+unread.sentences()+" Nothing of what was not read whole is shown.", v.remedy(unread))
	case !used:
		return warn(found+" They show nobody active on any of them.",
			"If people do use Copilot: check that they have seats, that the policy \"Copilot usage metrics\" covers every organization (\"Enabled everywhere\"), "+
				"and that their editors may send telemetry. If nobody does, all is well.")
	}
	if len(late) > 0 {
		found += fmt.Sprintf(" That of %s is still expected; a report takes up to two full days.", calendar.ListDates(late))
	}
	if len(missing) > 0 {
		found += fmt.Sprintf(" GitHub has none for %s, and none is expected any more.", calendar.ListDates(missing))
	}
	return pass(found)
}

// onlyNotFound says that GitHub answered nothing but 404 for the reports, which it may also do to hide them.
func (v *verdict) onlyNotFound() bool {
	return !v.anyDay(func(d dayEvidence) bool { return !fault.Is(d.usageErr, fault.NotFound) })
}

func (v *verdict) notReady(unread unreadDays) finding {
	detail := fmt.Sprintf("GitHub has no report for any of the last %d days.", previewDays)
	if len(unread) > 0 {
		detail = fmt.Sprintf("GitHub has no report for most of the last %d days. %s", previewDays, unread.sentences())
	}
	remedy := "This is normal where Copilot or the policy \"Copilot usage metrics\" was switched on lately: reports begin on the day after, and each " +
		"takes up to two days. They come in by themselves. If there is none after three days, have an owner check that the policy is enabled for " + v.name() + "."
	if v.fineGrained() && v.onlyNotFound() {
		detail += " It answers 404, as it may also do to a token without the permission for them."
		remedy += fmt.Sprintf(" See also at %s that this token has the organization permission %s.", v.tokensPage(), v.least(access.Usage))
	}
	return warn(detail, strings.TrimSpace(remedy+" "+v.remedy(unread)))
}

func (v *verdict) unexplained() finding {
	switch {
	case fault.Is(v.shown, fault.Unexpected):
		return fail(fmt.Sprintf("GitHub answers for the usage reports in a way it does not document%s.", why(v.shown)), v.remedyFor(v.shown))
	case fault.Is(v.shown, fault.NotFound):
		return fail(fmt.Sprintf("GitHub answers 404 for the usage reports of %s, and what would tell why, its seats and subscription, could not be read%s.",
			v.name(), why(v.seatsErr)), "Verify again in a few minutes. If it stays so, an owner looks whether there is Copilot Business or Enterprise. "+v.subscribe())
	}
	remedy := "An owner looks up what GitHub says. Where it speaks of an IP allow list, the addresses this connector calls from must be on it."
	if v.role != credential.RoleOwner {
		remedy += " " + v.ownersToken()
	}
	return fail(fmt.Sprintf("GitHub does not hand out the usage reports of %s%s.", v.name(), said(v.shown)), remedy)
}

func (v *verdict) users() finding {
	if v.cause != causeNone {
		return v.blocked()
	}
	var (
		known   int
		absent  []calendar.Date
		settled bool // one that is absent will not come any more
		unread  unreadDays
	)
	for _, d := range v.days {
		switch {
		case d.usage == nil, d.quiet():
		case d.peopleKnown():
			known++
		case d.people != nil || noReport(d.peopleErr):
			absent = append(absent, d.date)
			settled = settled || metrics.StateRead(d.date, v.now) == metrics.Final
		default:
			unread.add(d.date, d.peopleErr)
		}
	}
	const lost = " Engaged users and used credits are unknown for these days, and distinct people for the whole range."
	switch {
	case len(unread) > 0:
		return warn("Per-user reports: "+unread.sentences()+lost, v.remedy(unread))
	case known == 0 && len(absent) == 0:
		return skip("Not read: no day is there on which anybody was active.", "")
	case settled:
		return warn(fmt.Sprintf("GitHub has no per-user report for %s.%s", calendar.ListDates(absent), lost),
			"Those of days long past do not come any more, and nothing can be done about them. If they stay away for new days too, tell GitHub Support the account and the days.")
	case len(absent) > 0:
		return pass(fmt.Sprintf("Read for %s. Those of %s are not ready yet; until then the distinct people of the range are unknown.", days(known), calendar.ListDates(absent)))
	}
	return pass(fmt.Sprintf("Read for %s.", days(known)))
}

// unreadDays are days whose report was not read whole, by what kept it from being.
type unreadDays []unreadReason

type unreadReason struct {
	err   error // of the first of them
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
	case refused(err):
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

// remedy says what to do about unread days, each thing once.
func (v *verdict) remedy(unread unreadDays) string {
	var remedies []string
	for _, r := range unread {
		if remedy := v.remedyFor(r.err); !slices.Contains(remedies, remedy) {
			remedies = append(remedies, remedy)
		}
	}
	return strings.Join(remedies, " ")
}

func (v *verdict) remedyFor(err error) string {
	const again = "Verify again in a few minutes. If it stays so, "
	switch code := fault.CodeOf(err); {
	case code == fault.OutOfTime:
		return "Verify again when GitHub is less busy. For a very large account the reports may take longer than Verify has time."
	case code == fault.RateLimited:
		return "Verify again later; the first check says when."
	case code == fault.Unreachable:
		return again + "https://www.githubstatus.com tells whether GitHub has trouble."
	case code == fault.ReportHost:
		return again + fmt.Sprintf("let the network here reach https://copilot-reports.%s, https://copilot-reports-*.b01.azurefd.net and "+
			"https://*.blob.core.windows.net, where GitHub keeps the reports.", v.request.Account.Host)
	case code == fault.ReportCut:
		return again + "see whether the network here cuts long downloads."
	case code == fault.LinkRefused:
		return "Verify again: GitHub gives out fresh links each time."
	case code == fault.Unexpected:
		return again + "GitHub has changed and the connector must be brought up to date: tell CloudMonitor's support."
	case code == fault.PolicyOff:
		return v.enablePolicy()
	case code == fault.Permission && v.fineGrained():
		return fmt.Sprintf("Open %s, choose this token and add the organization permission %s.", v.tokensPage(), v.least(access.Usage))
	case refused(err) && v.role != credential.RoleOwner:
		return v.ownersToken()
	case refused(err):
		return again + "an owner looks up what GitHub says."
	}
	return again + "what GitHub sends is faulty: tell GitHub Support the account and the days."
}
