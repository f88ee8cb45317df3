package fault

import (
	"maps"
	"slices"
)

// class tells a caller how to react to an error. Each code has exactly one class; the table below is the only place that says which.
type class string

const (
	denied    class = "denied"
	transient class = "transient"
	absent    class = "absent"
	gone      class = "gone"
	unusable  class = "unusable"
	ours      class = "ours"
)

// traits are the properties of a code.
type traits struct {
	class   class
	granted bool // the answer shows that the token may read what was asked for
	ends    bool // every further request with the token would fail in the same way
	refused bool // GitHub answered and refused the token
	account bool // GitHub gives this answer only for an account that exists
	rule    bool // the token breaks a rule that the account's owners have made
	right   bool // GitHub gives this answer to a token that lacks a right
	newLink bool // the report may be readable behind a new link
}

var traitsOf = map[Code]traits{
	NotPAT:        {class: denied, ends: true},
	TokenRules:    {class: denied, ends: true, refused: true, rule: true},
	TokenLifetime: {class: denied, ends: true, refused: true, rule: true},
	Suspended:     {class: denied, ends: true, refused: true},
	IPRefused:     {class: denied, ends: true, refused: true},
	Renamed:       {class: denied, ends: true, refused: true},
	SSORequired:   {class: denied, ends: true, refused: true, account: true},
	SSOPartial:    {class: denied},
	PolicyOff:     {class: denied, ends: true, refused: true, account: true},
	Permission:    {class: denied, ends: true, refused: true, right: true},
	Waiting:       {class: denied, ends: true, refused: true, right: true},
	NotPrivileged: {class: denied, ends: true, refused: true, account: true, right: true},
	Refused:       {class: denied, ends: true, refused: true},

	Unreachable: {class: transient},
	NotGitHub:   {class: transient},
	RateLimited: {class: transient, ends: true},
	ClockWrong:  {class: transient, ends: true},
	ReportHost:  {class: transient},
	ReportCut:   {class: transient, newLink: true},

	CodeRefused:   {class: denied, ends: true, refused: true},
	NotInstallers: {class: denied, ends: true, refused: true},
	NotOwner:      {class: denied, ends: true, refused: true},
	Elsewhere:     {class: denied, ends: true, refused: true},

	NotFound:   {class: absent, right: true},
	NoReport:   {class: absent, granted: true, account: true},
	LinkAbsent: {class: absent, granted: true},

	KeyRefused:    {class: gone, ends: true, refused: true},
	AppSuspended:  {class: gone, ends: true, refused: true},
	NotInstalled:  {class: gone, ends: true, refused: true},
	TokenRefused:  {class: gone, ends: true, refused: true},
	NoToken:       {class: gone, ends: true},
	LinkRefused:   {class: gone, newLink: true},
	ReportChanged: {class: gone},

	ReportBroken: {class: unusable, granted: true},
	LinkUnknown:  {class: unusable, granted: true},
	TooMany:      {class: unusable, granted: true},
	Payment:      {class: unusable},
	Unexpected:   {class: unusable},
	OtherAccount: {class: unusable},
	Unconfirmed:  {class: unusable},

	OutOfTime: {class: ours, ends: true},
	Internal:  {class: ours, ends: true},
	Store:     {class: ours, ends: true},
	Vault:     {class: ours, ends: true},
	Queue:     {class: ours},
	Mail:      {class: ours},
	Conflict:  {class: ours},

	TooFarOff: {class: ours},
}

// Codes lists all codes in alphabetical order.
func Codes() []Code { return slices.Sorted(maps.Keys(traitsOf)) }

// Denied reports whether GitHub refuses the token until somebody changes something. Like the five classes below, it is false for no code.
func (c Code) Denied() bool { return traitsOf[c].class == denied }

// Transient reports whether the same request may succeed in a few minutes.
func (c Code) Transient() bool { return traitsOf[c].class == transient }

// Absent reports whether nothing is there, which may be normal.
func (c Code) Absent() bool { return traitsOf[c].class == absent }

// Gone reports whether a token or link has existed, but does not work any more.
func (c Code) Gone() bool { return traitsOf[c].class == gone }

// Unusable reports whether GitHub answered, but the answer cannot be used.
func (c Code) Unusable() bool { return traitsOf[c].class == unusable }

// Ours reports whether the failure is on our own side.
func (c Code) Ours() bool { return traitsOf[c].class == ours }

// Granted reports whether the answer shows that the token has the right to read what we asked for. It is true for no code.
func (c Code) Granted() bool { return c == "" || traitsOf[c].granted }

// EndsAll reports whether every further request with the same token would fail in the same way.
func (c Code) EndsAll() bool { return traitsOf[c].ends }

// EndsCredential reports whether what opens an account does not work any more.
func (c Code) EndsCredential() bool { return c.Gone() && c.EndsAll() }

// RefusesToken reports whether GitHub answered and refused the token.
func (c Code) RefusesToken() bool { return traitsOf[c].refused }

// ShowsAccount reports whether GitHub gives such an answer only for an account that exists. It is true for no code.
func (c Code) ShowsAccount() bool { return c == "" || traitsOf[c].account }

// BreaksRule reports whether the token breaks a rule that the account's owners have made.
func (c Code) BreaksRule() bool { return traitsOf[c].rule }

// LacksRight reports whether GitHub gives such an answer to a token that lacks a right. Other tokens may get it too.
func (c Code) LacksRight() bool { return traitsOf[c].right }

// NewLinkHelps reports whether the report may be readable behind a new link.
func (c Code) NewLinkHelps() bool { return traitsOf[c].newLink }
