package fault

// Class says how a kind of trouble is to be met. Each code has one, in the table below and nowhere else.
type Class string

// The classes.
const (
	Denied    Class = "denied"    // GitHub does not let the token in until somebody changes something
	Transient Class = "transient" // it is likely to be over soon: the same request may succeed in minutes
	Absent    Class = "absent"    // there is nothing there, which may be no trouble at all
	Gone      Class = "gone"      // it was there, and is of no use any more: a token, a link
	Unusable  Class = "unusable"  // GitHub answered, and not with what can be used
	Ours      Class = "ours"      // the trouble is on our own side
)

// traits are what follows from a code.
type traits struct {
	class   Class
	granted bool // the answer shows that the token may read what was asked for
	ends    bool // every further request with the token would fare alike
}

var traitsOf = map[Code]traits{
	NotPAT:        {class: Denied, ends: true},
	TokenRules:    {class: Denied, ends: true},
	TokenLifetime: {class: Denied, ends: true},
	Suspended:     {class: Denied, ends: true},
	IPRefused:     {class: Denied, ends: true},
	Renamed:       {class: Denied, ends: true},
	SSORequired:   {class: Denied, ends: true},
	SSOPartial:    {class: Denied},
	PolicyOff:     {class: Denied, ends: true},
	Permission:    {class: Denied, ends: true},
	NotPrivileged: {class: Denied, ends: true},
	Refused:       {class: Denied, ends: true},

	Unreachable: {class: Transient},
	NotGitHub:   {class: Transient},
	RateLimited: {class: Transient, ends: true},
	ReportHost:  {class: Transient},
	ReportCut:   {class: Transient},

	NotFound:   {class: Absent},
	NoReport:   {class: Absent, granted: true},
	LinkAbsent: {class: Absent, granted: true},

	TokenRefused:  {class: Gone, ends: true},
	NoToken:       {class: Gone, ends: true},
	LinkRefused:   {class: Gone},
	ReportChanged: {class: Gone},

	ReportBroken: {class: Unusable, granted: true},
	LinkUnknown:  {class: Unusable, granted: true},
	TooMany:      {class: Unusable, granted: true},
	Payment:      {class: Unusable},
	Unexpected:   {class: Unusable},
	OtherAccount: {class: Unusable, ends: true},
	Unconfirmed:  {class: Unusable},

	OutOfTime: {class: Ours, ends: true},
	Internal:  {class: Ours, ends: true},
	Store:     {class: Ours, ends: true},
	Vault:     {class: Ours, ends: true},
	Queue:     {class: Ours},
	Mail:      {class: Ours},
	Conflict:  {class: Ours},
}

// ClassOf returns the class of the code that err carries, Ours for an error without one, and "" for nil.
func ClassOf(err error) Class { return traitsOf[CodeOf(err)].class }

// Granted reports whether GitHub's answer shows that the token may read what it was asked for. No error shows it too.
func Granted(err error) bool { return err == nil || traitsOf[CodeOf(err)].granted }

// EndsAll reports whether every further request with the same token would fare alike.
func EndsAll(err error) bool { return traitsOf[CodeOf(err)].ends }
