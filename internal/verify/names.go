package verify

import (
	"cmp"
	"fmt"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// name returns the account's name for use in a sentence.
func (v *verdict) name() string {
	if v.request.Account.Slug == "" {
		return "the account of the installation"
	}
	return fmt.Sprintf("the %s %q", cmp.Or(v.request.Account.Scope, "account"), v.request.Account.Slug)
}

// slug returns the account's name for a sentence, also if the name is not known yet.
func (v *verdict) slug() string {
	if v.request.Account.Slug == "" {
		return "the account"
	}
	return v.request.Account.Slug
}

// owner returns the name of the token's owner for use in a sentence.
func (v *verdict) owner() string {
	if v.identity.Login == "" {
		return "the token's owner"
	}
	return "@" + v.identity.Login
}

// giver returns who can read everything of such an account, for use in a sentence.
func (v *verdict) giver() string { return access.GiverOf(v.request.Account.Scope, access.Seats).Who }

func (v *verdict) appName() string {
	if slug := v.installation().Slug; slug != "" {
		return fmt.Sprintf("the GitHub App %q", slug)
	}
	return "the GitHub App of this client id"
}

func (v *verdict) kindName() string {
	if v.fineGrained() {
		return "fine-grained"
	}
	return "classic"
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
