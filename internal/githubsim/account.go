package githubsim

import (
	"cmp"
	"hash/fnv"
	"strconv"
	"strings"
)

// Kind is the kind of an account on GitHub.
type Kind string

// An organization and an enterprise with the same slug are unrelated.
const (
	Organization Kind = "organization"
	Enterprise   Kind = "enterprise"
)

// Plan is the Copilot plan of an account.
type Plan string

// PlanUnknown is GitHub's value for plans that are newer than its API. PlanNone is an account without Copilot.
const (
	PlanNone       Plan = ""
	PlanBusiness   Plan = "business"
	PlanEnterprise Plan = "enterprise"
	PlanUnknown    Plan = "unknown"
)

// Account is an organization or enterprise with the tokens that can reach it. The zero value of every field
// but Kind and Slug is usable: no Copilot, nobody in it.
type Account struct {
	Kind  Kind
	Slug  string
	Plan  Plan
	Seats int // number of people who hold a seat; they cause all usage

	Tokens []Token

	People        []Person       // people who could install an App
	Apps          []App          // GitHub Apps registered by this account
	Installations []Installation // installations of Apps on this account, its own Apps and others'

	PolicyOff        bool // the Copilot usage metrics policy is off
	SSO              bool // SAML single sign-on is enforced
	ForbidsClassic   bool // refuses classic tokens by policy
	MaxTokenDays     int  // refuses fine-grained tokens that live longer; 0: no limit
	MaxClassicDays   int  // refuses classic tokens that live longer; 0: no limit
	IPAllowList      bool // refuses the caller's IP address
	RefusesByHiding  bool // answers 404 instead of 403 if the token lacks a right
	ZeroActive       bool // seats, but nobody uses them
	CompletionModels bool // model breakdowns also carry code_completion rows
	UnassignedSeats  int  // further seats whose assignee is null

	Spending int // factor by which all people spend more credits than usual; 0: 1

	// For an enterprise. Organizations are the logins of the organizations that grant seats.
	CostCenters          []CostCenter
	RefusedOrganizations []string // billing refuses to show the parts of these

	Budgets []Budget

	RuledBy     string // the display name of the enterprise that sets the rules for tokens; empty: the account itself
	Objection   string // GitHub refuses every request with this text; empty: it does not
	FormerSlug  string // the previous name; requests with it are redirected
	firstSlug   string // the name before Server.Rename, from which its id is made; empty: it never had another
	ForeignHost bool   // links to reports lead to a host that does not belong to GitHub

	Shards int  // parts of a users report; 0 means 1
	Gzip   bool // compress downloads for clients that accept it

	NoReport    NoReport // how a day without a report answers
	ReadyDelay  int      // days by which reports come later than the next day, which is usual
	UsersDelay  int      // further days by which users reports come after the aggregate
	TeamsDelay  int      // further days by which user-teams reports come after the aggregate
	FirstDay    string   // YYYY-MM-DD the policy was switched on; no reports before it
	MissingDays []string // days that never get a report

	SettlesAfter int            // full days after the end of a day until GitHub knows everybody who was active; 0: at once
	Restated     map[string]int // how often GitHub has restated the numbers of a day, by YYYY-MM-DD

	RestatedTeams map[string]int // how often GitHub has restated the teams of a day, by YYYY-MM-DD
}

type accountKey struct {
	kind Kind
	slug string
}

// GitHub ignores letter case when it compares slugs.
func (a *Account) key() accountKey {
	return accountKey{a.Kind, strings.ToLower(a.Slug)}
}

// tokenFor returns the token with its rights in this account. A token from elsewhere has no role here.
func (a *Account) tokenFor(caller Token) Token {
	for _, i := range a.Installations {
		if caller.minted && i.ID == caller.installation {
			return caller // with the rights of an owner: the zero Role
		}
	}
	for _, token := range a.Tokens {
		if token.Value == caller.Value {
			return token
		}
	}
	caller.Role, caller.Permissions = RoleNone, nil
	return caller
}

func (a *Account) id() int64 {
	return entityID(a.origin())
}

// origin names the account under its first name, which never changes. Its id and all that happens in it are made from that.
func (a *Account) origin() string {
	return string(a.Kind) + "/" + strings.ToLower(cmp.Or(a.firstSlug, a.Slug))
}

// entityID returns a stable id for a name, of the size of GitHub's ids.
func entityID(name string) int64 {
	h := fnv.New32a()
	h.Write([]byte(name))
	return 1_000_000 + int64(h.Sum32()%200_000_000)
}

func (a *Account) idString() string {
	return strconv.FormatInt(a.id(), 10)
}

func (a *Account) shards() int {
	return max(a.Shards, 1)
}
