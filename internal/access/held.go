package access

import (
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
)

// Held is what a credential holds, and what of an account it is seen to read.
type Held struct {
	Scope  copilot.Scope
	Kind   credential.Kind
	Grants []string // scopes by name, permissions by key; nil where GitHub does not list them
	Reads  Capabilities
}

// Lacks reports whether nothing that the credential holds is known to open something. It is false where GitHub does not
// list what it holds.
func (h Held) Lacks(what Capability) bool {
	right, ok := For(h.Scope, h.Kind, what)
	return ok && h.Grants != nil && !right.openedBy(h.Grants)
}

// openedBy reports whether one of the grants that are held gives the right.
func (r Right) openedBy(held []string) bool {
	return slices.ContainsFunc(held, func(one string) bool {
		return r.Least.within(one) || slices.ContainsFunc(r.Also, func(g Grant) bool { return g.within(one) })
	})
}

// within reports whether whoever holds one thing has the grant.
func (g Grant) within(held string) bool {
	return g.id() == held || slices.Contains(contains[held], g.id())
}

// Surplus lists the grants that are more than the connector can use.
func (h Held) Surplus() (surplus []string) {
	for _, one := range h.Grants {
		if !h.fits(one) {
			surplus = append(surplus, one)
		}
	}
	return surplus
}

// fits reports whether a grant is no more than the connector can use. One that only reads, and belongs to accounts of the
// other scope, is no surplus: another connector may use the same token.
func (h Held) fits(held string) bool {
	return slices.ContainsFunc(Rights, func(r Right) bool {
		switch {
		case r.Kind != h.Kind:
			return false
		case r.Scope != h.Scope:
			return r.Least.id() == held && r.Least.CouldAlso == ""
		}
		return r.Least.id() == held || contains[held] == nil && slices.ContainsFunc(r.Also, func(g Grant) bool { return g.id() == held })
	})
}

// Enough lists the grants with which alone the credential still reads all that it reads now: of those that it holds, where
// they are no surplus.
func (h Held) Enough() Needs {
	var kept Needs
	for _, one := range h.Grants {
		if h.fits(one) {
			kept = append(kept, Need{Grant: named(one)})
		}
	}
	return slices.DeleteFunc(h.complete(kept), func(n Need) bool { return len(n.For) == 0 })
}

// Elsewhere lists the grants that open nothing of the account, and only read what belongs to accounts of the other scope.
func (h Held) Elsewhere() (names []string) {
	for _, one := range h.Grants {
		if h.fits(one) && !slices.ContainsFunc(Rights, func(r Right) bool {
			return r.Scope == h.Scope && r.Kind == h.Kind && r.openedBy([]string{one})
		}) {
			names = append(names, one)
		}
	}
	return names
}

// Replacement lists the least grants with which another credential of the kind reads usage, people and seats, and whatever
// else this one reads.
func (h Held) Replacement() Needs { return h.complete(nil) }

// complete adds what is needed besides.
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

// needs reports whether something is to be read in any case, or else is read now. Where GitHub did not tell, what is held
// decides; and where nothing that is held is known to open it, a surplus grant may.
func (h Held) needs(what Capability) bool {
	if what != Billing {
		return true
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

// named finds the grant of the table that goes by an id.
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

// Needed lists the least grants by which a new credential of a kind reads usage, people and seats, and the bill too where
// billing says so. It is empty where no credential of the kind reads such an account.
func Needed(scope copilot.Scope, kind credential.Kind, billing bool) Needs {
	h := Held{Scope: scope, Kind: kind}
	if billing {
		h.Reads.Billing = OK
	}
	return h.Replacement()
}
