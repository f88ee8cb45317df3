package access

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
)

// Grant is a scope of a classic token, or a permission of another credential, which is only ever needed to read.
type Grant struct {
	Name      string        // as GitHub's pages show it
	Key       string        // of a permission: how GitHub's headers spell it; empty for a scope
	Of        copilot.Scope // of a permission: whether an organization or an enterprise grants it
	CouldAlso string        // what it also lets its holder change; empty: nothing
}

// id is how GitHub spells the grant where it lists what a credential holds.
func (g Grant) id() string { return cmp.Or(g.Key, g.Name) }

// String names the grant as it is ticked or set: read:org, "Administration: read".
func (g Grant) String() string {
	if g.Key == "" {
		return g.Name
	}
	return fmt.Sprintf("%q", g.Name+": read")
}

// Need is a grant that a credential needs, and what for. One that is only left where it is has no purpose here.
type Need struct {
	Grant
	For []Capability
}

// Needs are grants of one kind.
type Needs []Need

// String names the grants in a sentence: the scopes read:org (usage and seats) and manage_billing:copilot (billed AI credits).
func (n Needs) String() string {
	if len(n) == 0 {
		return "nothing"
	}
	kind := "the scope"
	if n[0].Key != "" {
		kind = "the " + string(n[0].Of) + " permission"
	}
	if len(n) > 1 {
		kind += "s"
	}
	names := make([]string, len(n))
	for i, need := range n {
		names[i] = need.String()
		if len(need.For) > 0 {
			names[i] += " (" + And(purposes(need.For)) + ")"
		}
	}
	return kind + " " + And(names)
}

// purpose names what a capability is good for. Both kinds of report are usage to whoever ticks a scope.
var purpose = map[Capability]string{Usage: "usage", Users: "usage", Seats: "seats", Billing: "billed AI credits"}

func purposes(what []Capability) (words []string) {
	for _, c := range what {
		if word := purpose[c]; !slices.Contains(words, word) {
			words = append(words, word)
		}
	}
	return words
}

// And joins words as a sentence does.
func And(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}
