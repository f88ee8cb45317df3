package verify

import (
	"fmt"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

func (v *verdict) policy() finding {
	switch v.cause {
	case causeNone:
		return pass("GitHub does not hold usage reports back.")
	case causePolicy:
		return fail(Code(fault.PolicyOff), "The Copilot usage metrics policy is off",
			fmt.Sprintf("The policy \"Copilot usage metrics\" of %s is off%s.", v.name(), said(v.shown)), v.enablePolicy())
	default:
		return v.blocked()
	}
}

func (v *verdict) usage() finding {
	switch v.cause {
	case causeNone:
	case causeAddress:
		return fail(Code(fault.IPRefused), "The account takes no calls from the address of this connector",
			fmt.Sprintf("%s has an IP allow list, and the address from which this connector calls is not on it%s.", v.ruler(v.rule(v.shown)), said(v.shown)), v.addressRemedy(v.shown))
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
			used = used || d.usage.ActiveUsers == nil || *d.usage.ActiveUsers > 0 // nil is unknown, so it may be somebody
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
		return fail(v.codeOf(unread[0].err), "No usage report could be read whole", "No usage report could be read whole. "+unread.sentences(), v.remedies(unread, access.Usage))
	case read == 0:
		return v.notReady(unread)
	case len(unread) > 0:
		return warn(v.codeOf(unread[0].err), "Some usage reports could not be read whole",
			found+" "+unread.sentences()+" Nothing of what was not read whole is shown.", v.remedies(unread, access.Usage))
	case !used:
		return warn(CodeNobodyActive, "Nobody was active", found+" They show nobody active on any of them.",
			access.Advise("If people do use Copilot: check that they have seats, that the policy \"Copilot usage metrics\" covers every organization "+
				"(\"Enabled everywhere\"), and that their editors may send telemetry. If nobody does, all is well."))
	}
	if len(late) > 0 {
		found += fmt.Sprintf(" Reports of %s are still expected; a report takes up to two full days.", calendar.ListDates(late))
	}
	if len(missing) > 0 {
		found += fmt.Sprintf(" GitHub has none for %s, and none is expected any more.", calendar.ListDates(missing))
	}
	return pass(found)
}

func (v *verdict) notReady(unread unreadDays) finding {
	detail := fmt.Sprintf("GitHub has no report for any of the last %d days.", previewDays)
	if len(unread) > 0 {
		detail = fmt.Sprintf("GitHub has no report for most of the last %d days. %s", previewDays, unread.sentences())
	}
	remedies := []access.Advice{access.Advise("This is normal where Copilot or the policy \"Copilot usage metrics\" was switched on lately: reports begin on the "+
		"day after, and each takes up to two days. They come in by themselves. If there is none after three days, have an owner check that the policy is enabled "+
		"for %s.", v.name())}
	if v.fineGrained() && v.onlyNotFound() {
		detail += " It answers 404. GitHub also does this if a token lacks the permission."
		remedies = append(remedies, access.Advise("See also at %s that this token has the organization permission %s.", v.tokensPage(), v.least(access.Usage)))
	}
	if len(unread) > 0 {
		remedies = append(remedies, v.remedies(unread, access.Usage))
	}
	return warn(Code(fault.NoReport), "There is no usage report yet", detail, access.Together(" ", remedies...))
}

// unexplained returns the finding of an answer whose meaning we do not know. It quotes the answer.
func (v *verdict) unexplained() finding {
	switch {
	case fault.Is(v.shown, fault.NotFound):
		return fail(CodeReportsUnclear, "GitHub shows no usage reports, and the cause could not be found",
			fmt.Sprintf("GitHub answers 404 for the usage reports of %s. Its seats and its subscription would show why, but they could not be read%s.", v.name(), why(v.seatsErr)),
			access.Advise("Verify again in a few minutes. If nothing changes, an owner checks whether there is Copilot Business or Enterprise. %s", v.subscribe()))
	case !v.known() && v.isApp():
		return fail(Code(fault.Refused), "GitHub refuses the App, and does not explain why",
			fmt.Sprintf("GitHub tells this App nothing, and does not explain why in words that are known here%s.", said(v.shown)), v.askOwner())
	case !v.known():
		return fail(Code(fault.Refused), "GitHub refuses the token, and does not explain why",
			fmt.Sprintf("GitHub does not even say whose token this is, and does not explain why in words that are known here%s.", said(v.shown)),
			access.Advise("It is unexplained. The token's owner signs in to GitHub and looks for a notice about the account. If there is none, ask GitHub Support at %s.", supportPage))
	case fault.CodeOf(v.shown).RefusesToken():
		return fail(Code(fault.Refused), "GitHub refuses the usage reports, and does not explain why",
			fmt.Sprintf("GitHub refuses the usage reports of %s, and does not explain it in words that are known here%s.", v.name(), said(v.shown)), v.askOwner())
	}
	return fail(codeOf(v.shown), "GitHub answers for the usage reports in a way it does not document",
		fmt.Sprintf("GitHub answers for the usage reports of %s in a way it does not document%s.", v.name(), why(v.shown)), v.remedyFor(v.shown, access.Usage))
}

func (v *verdict) users() finding {
	if v.cause != causeNone {
		return v.blocked()
	}
	var (
		known   int
		absent  []calendar.Date
		settled bool // a report that is missing will not come any more
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
		return warn(v.codeOf(unread[0].err), "Some per-user reports could not be read", "Per-user reports: "+unread.sentences()+lost, v.remedies(unread, access.Users))
	case known == 0 && len(absent) == 0:
		return notJudged("Not read: no day is there on which anybody was active.")
	case settled:
		return warn(CodeUsersMissing, "There is no per-user report for some days",
			fmt.Sprintf("GitHub has no per-user report for %s.%s", calendar.ListDates(absent), lost),
			access.Advise("Reports of days long past will not come any more, and nobody can change that. If new days lack them too, tell GitHub "+
				"Support the account and the days, at %s.", supportPage))
	case len(absent) > 0:
		return pass(fmt.Sprintf("Read for %s. Those of %s are not ready yet; until then the distinct people of the range are unknown.", days(known), calendar.ListDates(absent)))
	}
	return pass(fmt.Sprintf("Read for %s.", days(known)))
}
