package poll

import (
	"fmt"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

// besides says what beside the days of the run could not be read. Each row whose condition holds is told.
var besides = []trouble{
	{func(j *judging) bool { return len(j.after.Unreadable()) > 0 }, func(j *judging) string {
		return fmt.Sprintf("The reports of %s could not be read whole%s. What was read of them before stands, and a later poll tries again. %s",
			calendar.ListDates(j.after.Unreadable()), j.whyUnread(), j.unreadRemedy())
	}},
	{func(j *judging) bool { return j.UsersRefused != nil }, func(j *judging) string {
		return j.withheld(access.Users) + " Days are shown without engaged users, credits and people. " + j.remedy(access.Users)
	}},
	{func(j *judging) bool { return j.aside(j.Seats.Asked, j.Seats.Err) && j.lost(access.Seats) }, func(j *judging) string {
		return j.withheld(access.Seats) + " Usage is not affected. " + j.remedy(access.Seats)
	}},
	{func(j *judging) bool { return j.aside(j.Seats.Asked, j.Seats.Err) && unclear(j.Seats.Err) }, func(j *judging) string {
		return fmt.Sprintf("The seats could not be read%s. Those of the last poll stand, and the next poll tries again.", why(j.Seats.Err))
	}},
	{func(j *judging) bool { return j.aside(j.Bills.Asked, j.Bills.Err) && j.lost(access.Billing) }, func(j *judging) string {
		return j.withheld(access.Billing) + " Usage and seats are not affected. " + j.remedy(access.Billing)
	}},
	{func(j *judging) bool {
		return j.aside(j.Bills.Asked, j.Bills.Err) && unclear(j.Bills.Err) && j.Bills.Broken == nil && j.after.Granted.Billing == access.OK
	}, func(j *judging) string {
		return fmt.Sprintf("The billed AI credits could not be read%s. Those of the last poll stand, and the next poll tries again.", why(j.Bills.Err))
	}},
	{func(j *judging) bool { return j.Bills.Broken != nil }, func(j *judging) string {
		return fmt.Sprintf("The bill of AI credits was not taken%s. What was read of it before stands, and each poll tries again.", why(j.Bills.Broken))
	}},
	lostOfBilling(access.CostCenters),
	lostOfBilling(access.Budgets),
	{func(j *judging) bool { return j.aside(j.Parts.Divided, j.Parts.Err) }, func(j *judging) string {
		return fmt.Sprintf("The bills of the organizations and cost centers could not be read%s. What was read of them before stands, and the next poll tries again.",
			why(j.Parts.Err))
	}},
}

// lostOfBilling returns the row of something other than the bill that the token could read before and cannot read now.
func lostOfBilling(what access.Capability) trouble {
	return trouble{func(j *judging) bool {
		err := j.refusalOf(what)
		return j.aside(j.Parts.Asked, err) && j.after.Granted.Of(what) == access.OK
	}, func(j *judging) string {
		if err := j.refusalOf(what); unclear(err) {
			return fmt.Sprintf("The %s could not be read%s. Those of the last poll stand, and the next poll tries again.", what.Words(), why(err))
		}
		return j.withheld(what) + " Usage and seats are not affected. " + j.remedy(what)
	}}
}

// aside reports whether something beside usage could not be read although usage could. Otherwise only the trouble with usage is told.
func (j *judging) aside(asked bool, err error) bool {
	return asked && err != nil && j.stopKind() == "" && (j.Stop == nil || j.Refused())
}

// lost reports whether the token cannot read something any more that it could read before.
func (j *judging) lost(what access.Capability) bool {
	return j.after.Capabilities.Of(what) == access.Denied && j.after.Granted.Of(what) == access.OK
}

// unclear reports whether an answer tells nothing about what the token may read.
func unclear(err error) bool { return access.PermittedBy(err, "") == "" }

// refusalOf returns how GitHub refused something beside the account's own reports, or nil if it did not.
func (j *judging) refusalOf(what access.Capability) error {
	switch what {
	case access.Users:
		return j.UsersRefused
	case access.Seats:
		return j.Seats.Err
	case access.Billing:
		return j.Bills.Err
	case access.CostCenters:
		return j.Parts.CostCenters
	case access.Budgets:
		return j.Parts.Budgets
	case access.Usage, access.Teams: // if teams are refused, the seats name them
	}
	return nil
}

// withheld returns a sentence that says that GitHub does not show something. It says that the token lacks the right only if GitHub says
// so.
func (j *judging) withheld(what access.Capability) string {
	err := j.refusalOf(what)
	switch {
	case fault.CodeOf(err).LacksRight() && j.lost(what):
		return verify.MayNot(j.Conn.Credential, what, " any more"+why(err))
	case fault.CodeOf(err).LacksRight():
		return verify.MayNot(j.Conn.Credential, what, why(err))
	}
	return fmt.Sprintf("GitHub refuses to show the %s%s.", what.Words(), why(err))
}

// remedy returns what to do about it.
func (j *judging) remedy(what access.Capability) string {
	if err := j.refusalOf(what); !j.needsNewToken(err) {
		return verify.Remedy(&j.after, what, err)
	}
	return newToken(&j.after)
}

// needsNewToken reports whether only another token gives a right that GitHub says is missing. A GitHub App gets it from its owners.
func (j *judging) needsNewToken(err error) bool {
	return fault.CodeOf(err).LacksRight() && !j.ofApp()
}

// unreadRemedy returns what to do about reports that could not be read. If an earlier run could not read them, the cause is not known
// any more.
func (j *judging) unreadRemedy() string {
	if err := j.unreadErr(); err != nil {
		return verify.Remedy(&j.after, access.Usage, err)
	}
	return "If it stays so, see that the network here lets them through, and tell GitHub Support the account and the days."
}
