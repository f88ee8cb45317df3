package verify

import (
	"cmp"
	"fmt"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// againstRules returns the finding that the owners of the account, or of its enterprise, do not allow such a token.
func (v *verdict) againstRules() finding {
	rule := v.rule(v.shown)
	if fault.Is(v.shown, fault.TokenLifetime) {
		title := fmt.Sprintf("The token lives longer than the %s allows", cmp.Or(rule.OwnedBy, "account"))
		detail := fmt.Sprintf("%s lets in no %s token that lives longer than its rule allows%s.", v.ruler(rule), v.kindName(), said(v.shown))
		if rule.MaxDays > 0 {
			detail = fmt.Sprintf("%s lets in no %s token that lives longer than %s, and this one does%s.", v.ruler(rule), v.kindName(), days(rule.MaxDays), said(v.shown))
		}
		return fail(Code(fault.TokenLifetime), title, detail, v.rulesRemedy(v.shown))
	}
	return fail(Code(fault.TokenRules), "The owners forbid this kind of token",
		fmt.Sprintf("%s forbids this kind of token%s.", v.ruler(rule), said(v.shown)), v.rulesRemedy(v.shown))
}

func (v *verdict) rule(err error) fault.Rule {
	if e := asError(err); e != nil && e.Rule != nil {
		return *e.Rule
	}
	return fault.Rule{}
}

// ruler returns the account whose rule it is. GitHub calls an enterprise by its display name in this answer.
func (v *verdict) ruler(rule fault.Rule) string {
	if rule.OwnedBy == "" || rule.Owner == "" {
		return capital(v.name())
	}
	return fmt.Sprintf("The %s %q", rule.OwnedBy, rule.Owner)
}

func (v *verdict) kindName() string {
	if v.fineGrained() {
		return "fine-grained"
	}
	return "classic"
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
