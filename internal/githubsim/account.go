package githubsim

import (
	"hash/fnv"
	"strconv"
	"strings"
)

// Kind is what an account is on GitHub.
type Kind string

// An organization and an enterprise of the same slug have nothing to do with each other.
const (
	Organization Kind = "organization"
	Enterprise   Kind = "enterprise"
)

// Plan is the Copilot plan of an account.
type Plan string

// PlanUnknown is what GitHub says of plans newer than its API. PlanNone is an account without Copilot.
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
	Seats int // people who hold a seat; usage is theirs

	Tokens []Token

	PolicyOff        bool // the Copilot usage metrics policy is off
	SSO              bool // SAML single sign-on is enforced
	ForbidsClassic   bool // refuses classic tokens by policy
	MaxTokenDays     int  // refuses fine-grained tokens that live longer; 0: no limit
	MaxClassicDays   int  // refuses classic tokens that live longer; 0: no limit
	IPAllowList      bool // takes calls from certain addresses only, and from none of the callers'
	RefusesByHiding  bool // what a token may not see is a 404 instead of a 403
	ZeroActive       bool // seats, but nobody uses them
	CompletionModels bool // model breakdowns also carry code_completion rows
	UnassignedSeats  int  // further seats whose assignee is null

	RuledBy     string // the display name of the enterprise whose rules for tokens these are; empty: its own
	Objection   string // words with which everything of it is refused; empty: nothing is
	FormerSlug  string // its name before; what is asked under it is redirected
	ForeignHost bool   // links to reports lead to a host that is none of GitHub's

	Shards int  // parts of a users report; 0 means 1
	Gzip   bool // compress downloads for clients that accept it

	NoReport    NoReport // how a day without a report answers
	ReadyDelay  int      // days that reports come later than usual, which is the next day
	UsersDelay  int      // further days that users reports come after the aggregate
	FirstDay    string   // YYYY-MM-DD the policy was switched on; no reports before it
	MissingDays []string // days that never get a report

	SettlesAfter int            // full days after the close of a day until GitHub knows of everybody who was active; 0: at once
	Restated     map[string]int // how often GitHub has revised the numbers of a day, by YYYY-MM-DD
}

type accountKey struct {
	kind Kind
	slug string
}

// GitHub compares slugs in any letter case.
func (a *Account) key() accountKey {
	return accountKey{a.Kind, strings.ToLower(a.Slug)}
}

// tokenFor is what the holder of value may do in this account; a stranger's token has no role here.
func (a *Account) tokenFor(caller Token) Token {
	for _, token := range a.Tokens {
		if token.Value == caller.Value {
			return token
		}
	}
	caller.Role, caller.Permissions = RoleNone, nil
	return caller
}

func (a *Account) id() int64 {
	return entityID(string(a.Kind) + "/" + strings.ToLower(a.Slug))
}

// entityID gives anything with a name a stable id of GitHub's size.
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
