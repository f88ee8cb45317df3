package verify

import (
	"fmt"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// billing never fails, because usage and seats work without bills. A token that does not open bills is no warning either.
func (v *verdict) billing() finding {
	if v.creditsErr == nil {
		return pass("Billed amounts of AI credits can be shown.")
	}
	return v.optional(access.Billing, v.creditsErr)
}

// optional returns the finding that something could not be read without which the connector works: a warning, unless the token
// is simply not meant to read it.
func (v *verdict) optional(what access.Capability, err error) finding {
	if v.cause != causeNone || fault.Is(err, fault.RateLimited) {
		return v.blocked()
	}
	f := v.unshown(what, err)
	f.status = Warn
	if access.PermittedBy(err, access.Unknown) == access.Denied {
		f.status = Skip
	}
	return f
}

// unshown returns the finding that says why something other than usage could not be read. The words are the same for seats, plan
// and bills. The caller sets the status.
func (v *verdict) unshown(what access.Capability, err error) finding {
	f := finding{code: codeOf(err)}
	switch {
	case fault.Is(err, fault.Payment):
		f.title = fmt.Sprintf("GitHub shows no %s while it has trouble with the payment", what.Words())
		f.detail, f.advice = f.title+said(err)+".", v.payRemedy()
	case v.unexplainedFor(what, err):
		f.code, f.title = v.codeOf(err), fmt.Sprintf("GitHub does not show the %s, and does not explain why", what.Words())
		f.detail, f.advice = f.title+said(err)+".", v.askOwner()
	case fault.CodeOf(err).LacksRight():
		if v.held().Lacks(what) {
			f.code = CodeScopeMissing
		}
		f.title = fmt.Sprintf("%s may not read the %s", holder(v.kind), what.Words())
		f.detail, f.advice = f.title+said(err)+".", v.rightTo(what)
	case fault.CodeOf(err).RefusesToken():
		f.title = fmt.Sprintf("GitHub refuses to show the %s", what.Words())
		f.detail, f.advice = f.title+said(err)+".", v.refusalRemedy(err, what)
	default:
		f.title = fmt.Sprintf("The %s could not be read", what.Words())
		f.detail, f.advice = f.title+why(err)+".", v.remedyFor(err, what)
	}
	f.detail += without(what)
	return f
}

// without returns a sentence that says what stays unknown because something other than usage could not be read.
func without(what access.Capability) string {
	switch what {
	case access.Seats:
		return " It stays unknown how many there are and which are idle. Usage is not affected."
	case access.Teams:
		return " People then count in the team that gave them the seat."
	case access.CostCenters:
		return " It stays unknown what each of them is billed."
	case access.Budgets:
		return " It stays unknown whether a budget stops spending."
	case access.Usage, access.Users, access.Billing:
	}
	return " Used credits still come from the usage reports."
}

// unexplainedFor reports whether GitHub hides something from a person who, as far as we know, has every right to it.
// A 404 for an organization's bill is explained: the organization has no bill of its own.
func (v *verdict) unexplainedFor(what access.Capability, err error) bool {
	switch {
	case fault.Is(err, fault.Refused):
		return true
	case !v.entitled() || v.held().Lacks(what):
		return false
	}
	return fault.Is(err, fault.NotPrivileged) || fault.Is(err, fault.NotFound) && what == access.Seats && !v.fineGrained()
}
