package apptoken

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// The operations that errors name.
const (
	opApp  = "ask GitHub for the App"
	opFind = "find the App's installation"
	opMint = "get an installation token"
)

// signed sends a request with a JWT.
func (s *Session) signed(ctx context.Context, op, method, path string, body, into any) error {
	jwt, err := s.signer.JWT(ctx)
	if err != nil {
		return unsigned(op, err)
	}
	answer, err := s.call(ctx, op, method, path, jwt.Value, body)
	if err != nil {
		return refusalOfJWT(err)
	}
	if json.Unmarshal(answer, into) != nil {
		return undocumented(op)
	}
	return nil
}

// unsigned returns the error if no JWT could be made. Nothing was sent to GitHub.
func unsigned(op string, err error) error {
	if ours, ok := errors.AsType[*fault.Error](err); ok {
		return ours
	}
	return &fault.Error{Code: fault.Internal, Op: op, Err: errors.New("the key does not sign")}
}

// refusalOfJWT returns an error that says why GitHub refuses a JWT.
func refusalOfJWT(err error) error {
	refused, ok := errors.AsType[*fault.Error](err)
	if !ok || refused.Code != fault.TokenRefused {
		return err
	}
	meant := *refused
	meant.Code = fault.KeyRefused
	if strings.Contains(refused.Said, "'exp'") || strings.Contains(refused.Said, "'iat'") {
		meant.Code = fault.ClockWrong
	}
	return &meant
}

func undocumented(op string) error {
	return &fault.Error{Code: fault.Unexpected, Op: op, Err: errors.New("its answer is not what GitHub documents")}
}

// names matches a slug of an App or an enterprise, a login and a client id. They become parts of addresses.
var names = regexp.MustCompile(`^[A-Za-z0-9._-]{1,100}$`)

func (s *Session) askForApp(ctx context.Context) error {
	var app struct {
		Slug     string                             `json:"slug"`
		ClientID string                             `json:"client_id"`
		Owner    struct{ Login, Slug, Type string } `json:"owner"`
		Asks     map[string]string                  `json:"permissions"`
	}
	if err := s.signed(ctx, opApp, "GET", "app", nil, &app); err != nil {
		return err
	}
	if !names.MatchString(app.Slug) || app.ClientID != "" && !names.MatchString(app.ClientID) {
		return undocumented(opApp)
	}
	s.asks = permissions(app.Asks)
	s.installation.Slug, s.installation.ClientID = app.Slug, app.ClientID
	base := "https://" + s.account.Host
	switch owner := app.Owner; {
	case names.MatchString(owner.Login) && owner.Type == "Organization":
		base += "/organizations/" + owner.Login
	case names.MatchString(owner.Slug) && owner.Login == "":
		base += "/enterprises/" + owner.Slug
	}
	s.installation.Settings = base + "/settings/apps/" + app.Slug
	return nil
}

// find asks for the installation by the account's name, because an App that was installed again has another id. If no account has the
// name any more, or another one, it asks by the known id, because an installation stays when its account gets another name.
func (s *Session) find(ctx context.Context, known credential.Installation) error {
	path := "orgs/" + s.account.Slug + "/installation"
	if s.account.Scope == copilot.Enterprise {
		path = "enterprises/" + s.account.Slug + "/installation"
	}
	err := s.read(ctx, path)
	another := err == nil && known.AccountID != "" && known.AccountID != s.installation.AccountID
	if known.ID != 0 && (another || fault.Is(err, fault.NotFound, fault.Renamed)) {
		err = s.read(ctx, fmt.Sprintf("app/installations/%d", known.ID))
	}
	switch {
	case fault.Is(err, fault.NotFound):
		return &fault.Error{Code: fault.NotInstalled, Op: opFind}
	case err == nil && s.installation.AccountScope != s.account.Scope:
		return undocumented(opFind)
	case err == nil && !s.named():
		return s.renamed()
	}
	return err
}

func (s *Session) renamed() error {
	return &fault.Error{Code: fault.Renamed, Op: opFind, Err: fmt.Errorf("it is called %q now", s.installation.AccountSlug)}
}

// targets has GitHub's names of the kinds of accounts. The account of a person is not among them.
var targets = map[string]copilot.Scope{"Organization": copilot.Organization, "Enterprise": copilot.Enterprise}

func (s *Session) read(ctx context.Context, path string) error {
	var answer struct {
		ID      int64 `json:"id"`
		Account struct {
			ID          int64
			Login, Slug string
		} `json:"account"`
		Target      string            `json:"target_type"`
		ClientID    string            `json:"client_id"`
		App         string            `json:"app_slug"`
		Permissions map[string]string `json:"permissions"`
		Suspended   *string           `json:"suspended_at"`
	}
	if err := s.signed(ctx, opFind, "GET", path, nil, &answer); err != nil {
		return err
	}
	slug, scope := answer.Account.Login, targets[answer.Target]
	if scope == copilot.Enterprise {
		slug = answer.Account.Slug
	}
	if answer.ID <= 0 || answer.Account.ID <= 0 || !names.MatchString(slug) {
		return undocumented(opFind)
	}
	i := &s.installation
	i.ID, i.AccountID, i.AccountScope, i.AccountSlug = answer.ID, strconv.FormatInt(answer.Account.ID, 10), scope, slug
	i.Permissions, i.Suspended = permissions(answer.Permissions), answer.Suspended != nil
	if names.MatchString(answer.App) {
		i.Slug = answer.App
	}
	if names.MatchString(answer.ClientID) {
		i.ClientID = answer.ClientID
	}
	return nil
}

// mint gets a token. An organization's token reads only what is granted and needed. An enterprise's token cannot be narrowed.
func (s *Session) mint(ctx context.Context) error {
	var reads map[string]string
	if s.account.Scope == copilot.Organization {
		reads = access.AppReads(s.account.Scope, s.installation.Permissions)
	}
	var err error
	s.token, s.expires, err = s.mintReading(ctx, reads)
	s.installation.Suspended = s.installation.Suspended || fault.Is(err, fault.AppSuspended) // a moment ago
	return err
}

// mintReading gets a token with the given permissions, or with all of the installation's if they are nil.
func (s *Session) mintReading(ctx context.Context, permissions map[string]string) (token string, expires time.Time, err error) {
	var body any
	if permissions != nil {
		body = map[string]any{"permissions": permissions}
	}
	var answer struct {
		Token   string    `json:"token"`
		Expires time.Time `json:"expires_at"`
	}
	err = s.signed(ctx, opMint, "POST", fmt.Sprintf("app/installations/%d/access_tokens", s.installation.ID), body, &answer)
	switch refused, _ := errors.AsType[*fault.Error](err); {
	case fault.Is(err, fault.NotFound):
		return "", time.Time{}, &fault.Error{Code: fault.NotInstalled, Op: opMint}
	case refused != nil && strings.Contains(refused.Said, "not granted to this installation"): // it changed a moment ago
		return "", time.Time{}, &fault.Error{Code: fault.Waiting, Op: opMint, Said: refused.Said}
	case err != nil:
		return "", time.Time{}, err
	case len(answer.Token) > maxToken || !tokens.MatchString(answer.Token):
		return "", time.Time{}, undocumented(opMint)
	}
	return answer.Token, answer.Expires, nil
}

// maxToken bounds a token. GitHub makes them with some 520 characters.
const maxToken = 4096

// tokens matches an installation token. It is sent in a header.
var tokens = regexp.MustCompile(`^ghs_[A-Za-z0-9._-]+$`)

// maxPermissions bounds how many permissions of an App are kept. GitHub has some hundred.
const maxPermissions = 300

var permissionNames = regexp.MustCompile(`^[a-z0-9_]{1,64}$`)

// permissions returns GitHub's list without entries that cannot be permissions.
func permissions(given map[string]string) map[string]string {
	kept := make(map[string]string, min(len(given), maxPermissions))
	for name, level := range given {
		if len(kept) < maxPermissions && permissionNames.MatchString(name) && permissionNames.MatchString(level) {
			kept[name] = level
		}
	}
	return kept
}
