package access

import (
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
)

// Held is the grants that a credential holds, and the data of an account that it was seen to read.
type Held struct {
	Scope  copilot.Scope
	Kind   credential.Kind
	Grants []string // scopes by name, permissions by key; nil if GitHub does not list them
	Reads  Capabilities
}

// Lacks reports whether none of the credential's grants is known to give the capability. It is false if GitHub does not
// list the grants.
func (h Held) Lacks(what Capability) bool {
	right, ok := For(h.Scope, h.Kind, what)
	return ok && h.Grants != nil && !right.openedBy(h.Grants)
}

// openedBy reports whether one of the held grants gives the right.
func (r Right) openedBy(held []string) bool {
	return slices.ContainsFunc(held, func(one string) bool {
		return r.Least.within(one) || slices.ContainsFunc(r.Also, func(g Grant) bool { return g.within(one) })
	})
}

// within reports whether the held grant is g or includes it.
func (g Grant) within(held string) bool {
	return g.id() == held || slices.Contains(contains[held], g.id())
}

// Surplus lists the held grants that go beyond what the connector can use.
func (h Held) Surplus() (surplus []string) {
	for _, one := range h.Grants {
		if !h.fits(one) {
			surplus = append(surplus, one)
		}
	}
	return surplus
}

// fits reports whether a grant does not go beyond what the connector can use. A grant that can only read accounts of the
// other scope fits too, because another connector may use the same token.
func (h Held) fits(held string) bool {
	return slices.ContainsFunc(Rights, func(r Right) bool {
		switch {
		case r.Kind != rowsOf(h.Kind):
			return false
		case r.Scope != h.Scope:
			return r.Least.id() == held && r.Least.CouldAlso == ""
		}
		return r.Least.id() == held || contains[held] == nil && slices.ContainsFunc(r.Also, func(g Grant) bool { return g.id() == held })
	})
}

// Enough lists the grants that suffice for everything that the credential reads now. It prefers grants that the credential
// holds already, unless they are surplus.
func (h Held) Enough() Needs {
	var kept Needs
	for _, one := range h.Grants {
		if h.fits(one) {
			kept = append(kept, Need{Grant: named(one)})
		}
	}
	return slices.DeleteFunc(h.complete(kept), func(n Need) bool { return len(n.For) == 0 })
}

// Elsewhere lists the held grants that only read accounts of the other scope and give nothing on this account.
func (h Held) Elsewhere() (names []string) {
	for _, one := range h.Grants {
		if h.fits(one) && !slices.ContainsFunc(Rights, func(r Right) bool {
			return r.Scope == h.Scope && r.Kind == rowsOf(h.Kind) && r.openedBy([]string{one})
		}) {
			names = append(names, one)
		}
	}
	return names
}

// Replacement lists the least grants for a new credential of the same kind that reads usage, people and seats, and
// everything else that this credential reads.
func (h Held) Replacement() Needs { return h.complete(nil) }

// complete adds to needs the least grants for every capability that is needed and that needs does not cover.
func (h Held) complete(needs Needs) Needs {
	for _, what := range All() {
		right, ok := For(h.Scope, h.Kind, what)
		if !ok || !h.needs(what) {
			continue
		}
		at := slices.IndexFunc(needs, func(n Need) bool { return n.Grant == right.Least })
		if at < 0 {
			at = slices.IndexFunc(needs, func(n Need) bool { return right.openedBy([]string{n.id()}) })
		}
		if at < 0 {
			at = len(needs)
			needs = append(needs, Need{Grant: right.Least})
		}
		needs[at].For = append(needs[at].For, what)
	}
	return needs
}

// needs reports whether a replacement must give the capability. Usage, people and seats are always needed. Cost centers and
// budgets are never needed by themselves: what opens the bill opens them. Billing is needed if
// the credential reads the bill by a known grant or, as far as we can tell, by a surplus one. If it is unknown whether it
// reads the bill, the held grants decide.
func (h Held) needs(what Capability) bool {
	switch what {
	case CostCenters, Budgets:
		return false
	case Usage, Users, Teams, Seats:
		return true
	case Billing:
	}
	switch h.Reads.Billing {
	case OK:
		return h.Grants == nil || !h.Lacks(Billing) || len(h.Surplus()) > 0
	case Denied:
		return false
	default:
		return h.Grants != nil && !h.Lacks(Billing)
	}
}

// ReadsBill reports whether a token in the place of this credential must read the bill, whatever its kind: this one reads it or, if
// GitHub was not asked, may do so by its grants.
func (h Held) ReadsBill() bool { return h.Reads.Billing == OK || h.needs(Billing) }

// named returns the grant of the table with this id.
func named(id string) Grant {
	for _, r := range Rights {
		for _, g := range append([]Grant{r.Least}, r.Also...) {
			if g.id() == id {
				return g
			}
		}
	}
	return Grant{Name: id}
}

// Needed lists the least grants for a new credential of a kind that reads usage, people and seats, and also the bill if
// billing is true. It is empty if no credential of the kind can read such an account.
func Needed(scope copilot.Scope, kind credential.Kind, billing bool) Needs {
	h := Held{Scope: scope, Kind: kind}
	if billing {
		h.Reads.Billing = OK
	}
	return h.Replacement()
}
