package fault

import (
	"maps"
	"slices"
)

// Class tells a caller how to react to an error. Each code has exactly one class; the table below is the only place that says which.
type Class string

// The classes.
const (
	Denied    Class = "denied"    // GitHub refuses the token until somebody changes something
	Transient Class = "transient" // the same request may succeed in a few minutes
	Absent    Class = "absent"    // nothing is there, which may be normal
	Gone      Class = "gone"      // a token or link has existed, but does not work any more
	Unusable  Class = "unusable"  // GitHub answered, but the answer cannot be used
	Ours      Class = "ours"      // the failure is on our own side
)

// traits are the properties of a code.
type traits struct {
	class   Class
	granted bool // the answer shows that the token may read what was asked for
	ends    bool // every further request with the token would fail in the same way
	refused bool // GitHub answered and refused the token
	account bool // GitHub gives this answer only for an account that exists
	rule    bool // the token breaks a rule that the account's owners have made
	right   bool // GitHub gives this answer to a token that lacks a right
	newLink bool // the report may be readable behind a new link
}

var traitsOf = map[Code]traits{
	NotPAT:        {class: Denied, ends: true},
	TokenRules:    {class: Denied, ends: true, refused: true, rule: true},
	TokenLifetime: {class: Denied, ends: true, refused: true, rule: true},
	Suspended:     {class: Denied, ends: true, refused: true},
	IPRefused:     {class: Denied, ends: true, refused: true},
	Renamed:       {class: Denied, ends: true, refused: true},
	SSORequired:   {class: Denied, ends: true, refused: true, account: true},
	SSOPartial:    {class: Denied},
	PolicyOff:     {class: Denied, ends: true, refused: true, account: true},
	Permission:    {class: Denied, ends: true, refused: true, right: true},
	Waiting:       {class: Denied, ends: true, refused: true, right: true},
	NotPrivileged: {class: Denied, ends: true, refused: true, account: true, right: true},
	Refused:       {class: Denied, ends: true, refused: true},

	Unreachable: {class: Transient},
	NotGitHub:   {class: Transient},
	RateLimited: {class: Transient, ends: true},
	ClockWrong:  {class: Transient, ends: true},
	ReportHost:  {class: Transient},
	ReportCut:   {class: Transient, newLink: true},

	CodeRefused:   {class: Denied, ends: true, refused: true},
	NotInstallers: {class: Denied, ends: true, refused: true},
	NotOwner:      {class: Denied, ends: true, refused: true},
	Elsewhere:     {class: Denied, ends: true, refused: true},

	NotFound:   {class: Absent, right: true},
	NoReport:   {class: Absent, granted: true, account: true},
	LinkAbsent: {class: Absent, granted: true},

	KeyRefused:    {class: Gone, ends: true, refused: true},
	AppSuspended:  {class: Gone, ends: true, refused: true},
	NotInstalled:  {class: Gone, ends: true, refused: true},
	TokenRefused:  {class: Gone, ends: true, refused: true},
	NoToken:       {class: Gone, ends: true},
	LinkRefused:   {class: Gone, newLink: true},
	ReportChanged: {class: Gone},

	ReportBroken: {class: Unusable, granted: true},
	LinkUnknown:  {class: Unusable, granted: true},
	TooMany:      {class: Unusable, granted: true},
	Payment:      {class: Unusable},
	Unexpected:   {class: Unusable},
	OtherAccount: {class: Unusable},
	Unconfirmed:  {class: Unusable},

	OutOfTime: {class: Ours, ends: true},
	Internal:  {class: Ours, ends: true},
	Store:     {class: Ours, ends: true},
	Vault:     {class: Ours, ends: true},
	Queue:     {class: Ours},
	Mail:      {class: Ours},
	Conflict:  {class: Ours},

	TooFarOff: {class: Ours},
}

// Codes lists the codes of the class, in alphabetical order.
func (c Class) Codes() []Code {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(traitsOf)), func(code Code) bool { return code.Class() != c })
}

// Class returns the code's class, "" for no code.
func (c Code) Class() Class { return traitsOf[c].class }

// Granted reports whether the answer shows that the token has the right to read what we asked for. It is true for no code.
func (c Code) Granted() bool { return c == "" || traitsOf[c].granted }

// EndsAll reports whether every further request with the same token would fail in the same way.
func (c Code) EndsAll() bool { return traitsOf[c].ends }

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
