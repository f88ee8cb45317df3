package access

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
)

// Grant is a scope of a classic token, or a read permission of another kind of credential.
type Grant struct {
	Name      string        // as GitHub's pages show it
	Key       string        // how GitHub's headers spell a permission; empty for a scope
	Of        copilot.Scope // the kind of account that grants a permission; empty for a scope
	CouldAlso string        // what the grant also lets its holder change; empty: nothing
}

// id returns the grant's spelling in GitHub's list of what a credential holds.
func (g Grant) id() string { return cmp.Or(g.Key, g.Name) }

// String returns the grant as GitHub's form for a new token shows it: read:org, "Administration: read".
func (g Grant) String() string {
	if g.Of == "" {
		return g.Name
	}
	return fmt.Sprintf("%q", g.Name+": read")
}

// Need is a grant that a credential needs, and the purposes for which it needs it. A grant that the credential holds but
// does not need has no purposes.
type Need struct {
	Grant
	For []Capability
}

// Purposes names what the credential needs the grant for: "usage", "billed AI credits and budgets".
func (n Need) Purposes() string { return And(purposes(n.For)) }

// Needs are the grants that one credential needs.
type Needs []Need

// String returns the grants for a sentence: "the scopes read:org (usage and seats) and manage_billing:copilot (billed AI credits)".
func (n Needs) String() string {
	if len(n) == 0 {
		return "nothing"
	}
	kind := "the scope"
	if n[0].Of != "" {
		kind = "the " + string(n[0].Of) + " permission"
	}
	if len(n) > 1 {
		kind += "s"
	}
	return kind + " " + n.List()
}

// List returns the grants as String does, without the words for what they are.
func (n Needs) List() string {
	names := make([]string, len(n))
	for i, need := range n {
		names[i] = need.String()
		if len(need.For) > 0 {
			names[i] += " (" + need.Purposes() + ")"
		}
	}
	return And(names)
}

// purpose is how a sentence names each capability. To the person who selects scopes both kinds of report are usage.
var purpose = map[Capability]string{Usage: "usage", Users: "usage", Teams: "usage", Seats: "seats", Billing: "billed AI credits", CostCenters: "cost centers", Budgets: "budgets"}

func purposes(what []Capability) (words []string) {
	for _, c := range what {
		if word := purpose[c]; !slices.Contains(words, word) {
			words = append(words, word)
		}
	}
	return words
}

// And joins words as a sentence does: "a, b and c".
func And(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}
