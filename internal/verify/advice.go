package verify

import (
	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// authorise returns the advice how to authorise a token for single sign-on.
func (v *verdict) authorise(account string) access.Advice {
	if v.fineGrained() {
		return access.Advise("A fine-grained token is authorised when it is made, so make a new one. %s", v.newToken())
	}
	return access.Advise("%s opens %s, presses \"Configure SSO\" beside this token and authorises it for %s.", capital(v.owner()), v.tokensPage(), account)
}

func (v *verdict) enablePolicy() access.Advice {
	const enterprise = "AI Controls → Copilot → Billing & usage"
	where := access.Advise("An owner of the enterprise opens "+enterprise+" at %s and sets \"Copilot usage metrics\" to Enabled everywhere.",
		v.page("The enterprise's settings", ""))
	if !v.onEnterprise() {
		where = access.Advise("An owner opens %s and enables \"Copilot usage metrics\". Where the organization belongs to an enterprise, an enterprise "+
			"owner does it in the enterprise's "+enterprise+", for \"Copilot usage metrics\": Enabled everywhere.",
			v.page("The organization's Copilot policies", "/settings/copilot/policies"))
	}
	where.Words += " The older entry \"Copilot metrics API\" does not help. Reports begin on the day after."
	return where
}

func (v *verdict) subscribe() access.Advice {
	const rest = " Copilot Free, Pro and other personal plans are not reported by GitHub."
	if v.onEnterprise() {
		return access.Advise("An owner subscribes and assigns seats under Billing & licensing at %s."+rest, v.page("The enterprise's settings", ""))
	}
	return access.Advise("An owner subscribes and assigns seats at %s."+rest, v.page("The organization's Copilot settings", "/settings/copilot"))
}

func (v *verdict) payRemedy() access.Advice {
	page := v.page("Billing & licensing", "/settings/billing")
	return access.Advise("An owner looks at Billing & licensing at %s; GitHub may stop Copilot until it is settled.", page)
}

// askOwner returns the only advice for a refusal that GitHub does not explain.
func (v *verdict) askOwner() access.Advice {
	return access.Advise("It is unexplained. An owner signs in to GitHub and looks for a notice on the account's pages. If there is none, ask GitHub Support at %s.", supportPage)
}

// rulesRemedy returns the advice against a rule: a token that the rule allows, or the people who can change the rule.
func (v *verdict) rulesRemedy(err error) access.Advice {
	rule := v.rule(err)
	if fault.Is(err, fault.TokenLifetime) {
		return access.Together(" ", v.newTokenOf(v.kind, rule.MaxDays), v.whoChanges(rule))
	}
	other := credential.FineGrainedPAT
	if v.fineGrained() {
		other = credential.ClassicPAT
	}
	if _, ok := access.For(v.request.Account.Scope, other, access.Usage); !ok {
		return v.whoChanges(rule)
	}
	return access.Together(" ", v.newTokenOf(other, 0), v.whoChanges(rule))
}

func (v *verdict) whoChanges(rule fault.Rule) access.Advice {
	switch {
	case v.onEnterprise() && rule.OwnedBy == string(copilot.Organization):
		return access.Advise("Or an owner of that organization changes the rule, in its Settings → Personal access tokens.")
	case v.onEnterprise():
		return access.Advise("Only an owner of the enterprise can change the rule, under Personal access tokens at %s.", v.policiesPage())
	case rule.OwnedBy == string(copilot.Enterprise):
		return access.Advise("The rule is the enterprise's: only its owners can change it, in the enterprise's Policies → Personal access tokens.")
	}
	return access.Advise("Or an owner changes the rule at %s.", v.policiesPage())
}

// addressRemedy returns the advice for an account that takes calls only from certain IP addresses.
func (v *verdict) addressRemedy(err error) access.Advice {
	const fixed = "On AWS a connector has no fixed address. The people who run it can give it one (a VPC with a NAT gateway and an Elastic IP: see A fixed address in its docs/OPERATIONS.md). No other token helps."
	if by := v.rule(err).OwnedBy; by != "" && by != string(v.request.Account.Scope) {
		return access.Advise("An owner of that %s adds the address from which this connector calls to the IP allow list in its security settings. "+fixed, by)
	}
	return access.Advise("An owner adds the address from which this connector calls to the IP allow list at %s. "+fixed,
		v.page("The security settings with the IP allow list", "/settings/security"))
}
