package verify

import (
	"fmt"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

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

// rightTo returns the advice how this token, or another one, gets the right to read something other than usage.
func (v *verdict) rightTo(what access.Capability) access.Advice {
	switch {
	case v.isApp():
		return v.askPermission(what)
	case what == access.Billing, what == access.CostCenters, what == access.Budgets:
		remedy := "Optional. It needs " + access.Takes(v.request.Account.Scope, what) + "."
		if !v.onEnterprise() {
			remedy += " Organizations billed through an enterprise have no billing of their own."
		}
		return access.Advise("%s", remedy)
	case v.fineGrained():
		return v.grant(what)
	}
	return v.giversToken(what)
}

// MayNot returns a sentence that says that a poll may not read something of a connector. end follows the words "may not read it".
func MayNot(token connector.Credential, what access.Capability, end string) string {
	return fmt.Sprintf("%s may not read the %s%s.", holder(token.Kind), what.Words(), end)
}

// Remedy returns what to do when a poll could not read something of a connector. The cause must not be a right that a token lacks:
// only the token's kind and its owner are known.
func Remedy(c *connector.Connector, what access.Capability, err error) string {
	e := &evidence{
		request: Request{Account: c.Account, Billing: c.Wanted().Billing}, apiHost: "GitHub",
		kind: c.Credential.Kind, identity: credential.Identity{Login: c.Credential.Login, App: c.Credential.App},
	}
	v := &verdict{evidence: e}
	if e.isApp() && fault.CodeOf(err).LacksRight() {
		return v.rightTo(what).Words
	}
	return strings.TrimPrefix(v.remedyFor(err, what).Words, again)
}
