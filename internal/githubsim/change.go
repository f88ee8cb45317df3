package githubsim

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// world is the state of GitHub at one moment. It is replaced and never changed, so a running request keeps the state with which
// it began.
type world struct {
	accounts map[accountKey]*Account
	tokens   map[string]Token
}

func newWorld(accounts map[accountKey]*Account) *world {
	w := &world{accounts: accounts, tokens: make(map[string]Token)}
	for _, account := range accounts {
		for _, token := range account.Tokens {
			token.Revoked = token.Revoked || w.tokens[token.Value].Revoked // another account may list the same token
			w.tokens[token.Value] = token
		}
	}
	return w
}

func (w *world) account(kind Kind, slug string) *Account {
	return w.accounts[accountKey{kind, strings.ToLower(slug)}]
}

// Change changes an account from the next request on: for example it revokes a token or switches a policy off. It panics if
// there is no such account. The function change must not change Kind, changes Slug only for Rename, and must not keep the pointer. Change is safe
// for concurrent use.
func (s *Server) Change(kind Kind, slug string, change func(*Account)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.world.Load()
	account := now.account(kind, slug)
	if account == nil {
		panic(fmt.Sprintf("githubsim: there is no %s %q to change", kind, slug))
	}
	changed := account.clone()
	change(changed)
	accounts := maps.Clone(now.accounts)
	delete(accounts, account.key()) // Rename changes the key
	accounts[changed.key()] = changed
	s.world.Store(newWorld(accounts))
}

// Rename gives an account another name from the next request on. Its id and its installations stay, and anybody can take the old name. It
// panics if there is no such account. It is safe for concurrent use.
func (s *Server) Rename(kind Kind, slug, to string) {
	s.Change(kind, slug, func(a *Account) { a.firstSlug, a.Slug = cmp.Or(a.firstSlug, a.Slug), to })
}

// Restate revises the numbers of a day, YYYY-MM-DD, as GitHub sometimes does: some people get more activity and other credits.
// It is safe for concurrent use.
func (s *Server) Restate(kind Kind, slug, date string) {
	s.Change(kind, slug, func(a *Account) { a.Restated[date]++ })
}

// clone returns a copy that shares no changeable data with a.
func (a *Account) clone() *Account {
	c := *a
	c.Tokens = slices.Clone(a.Tokens)
	for i := range c.Tokens {
		c.Tokens[i].Scopes = slices.Clone(c.Tokens[i].Scopes)
		c.Tokens[i].Permissions = slices.Clone(c.Tokens[i].Permissions)
	}
	c.People = slices.Clone(a.People)
	c.Apps, c.Installations = cloneApps(a.Apps), cloneInstallations(a.Installations)
	c.MissingDays = slices.Clone(a.MissingDays)
	c.RefusedOrganizations, c.Budgets = slices.Clone(a.RefusedOrganizations), slices.Clone(a.Budgets)
	c.CostCenters = slices.Clone(a.CostCenters)
	for i := range c.CostCenters {
		c.CostCenters[i].Organizations = slices.Clone(c.CostCenters[i].Organizations)
	}
	c.Restated = make(map[string]int, len(a.Restated))
	maps.Copy(c.Restated, a.Restated)
	c.RestatedTeams = make(map[string]int, len(a.RestatedTeams))
	maps.Copy(c.RestatedTeams, a.RestatedTeams)
	return &c
}
