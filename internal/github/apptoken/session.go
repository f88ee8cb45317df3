package apptoken

import (
	"context"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// Call sends one request to a path below the API's base and returns the body of the answer. body is sent as JSON unless it is
// nil. The error is a *fault.Error that says what a refusal means.
type Call func(ctx context.Context, op, method, path, bearer string, body any) ([]byte, error)

// Session is one run of an App on one account. It finds the installation and gets a token once, and the token once more if it ends
// during the run. It is safe for concurrent use.
type Session struct {
	signer Signer
	bound  *Bound // nil: the App is the customer's own
	call   Call
	now    func() time.Time

	turn         turn // what follows is read and written in turn
	opened       bool
	failed       error // why there is no token
	account      copilot.Account
	installation credential.Installation
	asks         map[string]string // the permissions that the App asks for; nil: GitHub was not asked
	token        string
	expires      time.Time
	renewed      bool
}

// New returns a Session of a customer's own App. It sends nothing yet.
func New(app credential.App, call Call, now func() time.Time) *Session {
	return &Session{signer: KeyOf(app, now), call: call, now: now, turn: newTurn()}
}

// NewBound returns a Session of an installation of the stack's App. It sends nothing yet.
func NewBound(signer Signer, bound Bound, call Call, now func() time.Time) *Session {
	return &Session{signer: signer, bound: &bound, call: call, now: now, turn: newTurn()}
}

// Open finds the App's installation on the account and gets a token that reads what is granted and needed. known has the id of the
// installation that was found before, and the id of the account, if they are known. With an error it still returns the known part of the
// installation. A second Open sends nothing and returns the same result.
func (s *Session) Open(ctx context.Context, account copilot.Account, known credential.Installation) (credential.Installation, error) {
	if err := s.turn.take(ctx, opFind); err != nil {
		return known, err
	}
	defer s.turn.end()
	if !s.opened {
		s.opened, s.account = true, account
		s.failed = s.open(ctx, known)
	}
	return s.installation, s.failed
}

func (s *Session) open(ctx context.Context, known credential.Installation) error {
	find := func() error { return s.find(ctx, known) }
	switch {
	case s.bound != nil:
		find = func() error { return s.findBound(ctx, known) }
	case known.AccountID == "": // nobody has asked for the App yet
		if err := s.askForApp(ctx); err != nil {
			return err
		}
	}
	if err := find(); err != nil {
		return err
	}
	switch {
	case known.AccountID != "" && known.AccountID != s.installation.AccountID: // no token is made for another account
		return &fault.Error{Code: fault.OtherAccount, Op: opFind}
	case s.installation.Suspended:
		return &fault.Error{Code: fault.AppSuspended, Op: opFind}
	case access.AppLacks(s.account.Scope, s.installation.Permissions, access.Usage):
		return s.lacking(ctx, "", func(asks map[string]string) bool { return access.AppLacks(s.account.Scope, asks, access.Usage) })
	}
	return s.mint(ctx)
}

// lacking returns the reason why an installation lacks a permission: no owner of the account has accepted it yet, or the App does not
// ask for it. accepts is the permission, or empty for the one of usage.
func (s *Session) lacking(ctx context.Context, accepts string, lack func(asks map[string]string) bool) error {
	if s.asks == nil {
		if err := s.askForApp(ctx); err != nil {
			return err
		}
	}
	if lack(s.asks) {
		return &fault.Error{Code: fault.Permission, Op: opFind, Accepts: accepts}
	}
	return &fault.Error{Code: fault.Waiting, Op: opFind, Accepts: accepts}
}

// givenBackWithin bounds how long giving a token back may take.
const givenBackWithin = 2 * time.Second

// endsSoon is how long before its end a token is not used any more.
const endsSoon = time.Minute

// Bearer returns the token for a request. refused is the token that GitHub has just refused, or "". If the token has ended, Bearer gets
// another one, but only once.
func (s *Session) Bearer(ctx context.Context, refused string) (string, error) {
	if err := s.turn.take(ctx, opMint); err != nil {
		return "", err
	}
	defer s.turn.end()
	switch {
	case s.failed != nil:
		return "", s.failed
	case s.token == "":
		return "", &fault.Error{Code: fault.Internal, Op: opMint}
	case !s.renewed && (s.token == refused || s.now().Add(endsSoon).After(s.expires)):
		return s.renew(ctx)
	}
	return s.token, s.failed
}

// renew gets another token, or fails for good. But if only the request's own time is over, the next request renews the token.
func (s *Session) renew(ctx context.Context) (string, error) {
	token, expires := s.token, s.expires
	err := s.mint(ctx)
	if err != nil && ctx.Err() != nil {
		s.token, s.expires = token, expires
		return "", err
	}
	s.renewed, s.failed = true, err
	return s.token, err
}

// Close gives the token back. A failure does not matter, because the token ends by itself within an hour.
func (s *Session) Close(ctx context.Context) {
	if s.turn.take(ctx, opMint) != nil {
		return
	}
	defer s.turn.end()
	if s.token != "" {
		s.giveBack(ctx, s.token)
		s.token = ""
	}
}

func (s *Session) giveBack(ctx context.Context, token string) {
	_, _ = s.call(ctx, "give the installation token back", "DELETE", "installation/token", token, nil)
}
