package apptoken

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// Bound is an installation of the stack's own App. It is found only by its id, never by the account: after the App was
// removed, somebody else may have installed it anew.
type Bound struct {
	ID             int64
	ClientID, Slug string // of the App

	// Prove exchanges the installer's code for a token of that person. It is nil if the installation was proved before. An id proves
	// nothing, because anybody can make one up.
	Prove func(ctx context.Context) (user string, err error)
}

// findBound asks for the installation. It keeps nothing of an installation that is not proved to be the tenant's.
// An installation on the known account is proved also if that account has another name now.
func (s *Session) findBound(ctx context.Context, known credential.Installation) error {
	unproved := credential.Installation{ID: s.bound.ID, ClientID: s.bound.ClientID, Slug: s.bound.Slug}
	s.installation = unproved
	if s.bound.Prove != nil {
		err := s.prove(ctx)
		if err == nil && s.isOn(known) && !s.named() {
			return s.renamed()
		}
		if err == nil {
			err = s.compare()
		}
		if err != nil {
			unproved.Settings = s.installation.Settings // of the App
			s.installation = unproved
		}
		return err
	}
	if err := s.readBound(ctx); err != nil {
		return err
	}
	if s.installation.AccountScope != s.account.Scope {
		return &fault.Error{Code: fault.Elsewhere, Op: opFind}
	}
	if !s.named() {
		return s.renamed()
	}
	return nil
}

// isOn reports whether the installation is on the known account, whatever its name.
func (s *Session) isOn(known credential.Installation) bool {
	return known.AccountID != "" && known.AccountID == s.installation.AccountID && s.installation.AccountScope == s.account.Scope
}

// named reports whether the installation's account has the name that was given.
func (s *Session) named() bool { return strings.EqualFold(s.installation.AccountSlug, s.account.Slug) }

func (s *Session) readBound(ctx context.Context) error {
	err := s.read(ctx, fmt.Sprintf("app/installations/%d", s.bound.ID))
	switch {
	case fault.Is(err, fault.NotFound):
		return &fault.Error{Code: fault.NotInstalled, Op: opFind}
	case err == nil && s.installation.ID != s.bound.ID:
		return undocumented(opFind)
	}
	return err
}

// compare compares the proved installation with the named account. It fills in a scope or name that was not given.
func (s *Session) compare() error {
	found := &s.installation
	if s.account.Scope == "" {
		s.account.Scope = found.AccountScope
	}
	if s.account.Slug == "" {
		s.account.Slug = found.AccountSlug
	}
	if found.AccountScope != s.account.Scope || !s.named() {
		return &fault.Error{Code: fault.Elsewhere, Op: opFind, Err: fmt.Errorf("it is on the %s %q", found.AccountScope, found.AccountSlug)}
	}
	return nil
}

const (
	opWho    = "ask GitHub who installs" //nolint:gosec // G101 takes the name of an operation for a credential
	opListed = "list the installer's installations"
	opRole   = "ask for the installer's role"
)

// prove reads the installation after its installer has proved that it is theirs: GitHub lists it for the person of the code, and the
// person is an owner of the account. GitHub lists an enterprise's installation only for the enterprise's owners.
func (s *Session) prove(ctx context.Context) error {
	user, err := s.bound.Prove(ctx)
	if err != nil {
		return err
	}
	installer, err := s.whoInstalls(ctx, user)
	if err != nil {
		return err
	}
	if err := s.listed(ctx, user); err != nil {
		return err
	}
	if err := s.readBound(ctx); err != nil {
		return err
	}
	switch {
	case s.installation.AccountScope == "":
		return &fault.Error{Code: fault.Elsewhere, Op: opFind}
	case s.installation.Suspended:
		return &fault.Error{Code: fault.AppSuspended, Op: opFind}
	case s.installation.AccountScope == copilot.Enterprise:
		return nil
	}
	return s.owns(ctx, installer)
}

// person is a person at GitHub.
type person struct {
	ID    int64  `json:"id"`
	Login string `json:"login"`
}

func (s *Session) whoInstalls(ctx context.Context, user string) (person, error) {
	var answer person
	if err := s.asInstaller(ctx, opWho, "user", user, &answer); err != nil {
		return person{}, err
	}
	if answer.ID <= 0 || !names.MatchString(answer.Login) {
		return person{}, undocumented(opWho)
	}
	return answer, nil
}

// asInstaller sends a request with the installer's own token. If GitHub refuses the token, the code counts as refused.
func (s *Session) asInstaller(ctx context.Context, op, path, user string, into any) error {
	answer, err := s.call(ctx, op, "GET", path, user, nil)
	if refused, ok := errors.AsType[*fault.Error](err); ok && fault.CodeOf(err).RefusesToken() && refused.Code != fault.RateLimited {
		return &fault.Error{Code: fault.CodeRefused, Op: op, Said: refused.Said}
	}
	if err != nil {
		return err
	}
	if json.Unmarshal(answer, into) != nil {
		return undocumented(op)
	}
	return nil
}

const (
	installationsAtOnce = 100

	// maxInstallations bounds the installations of one person that are read.
	maxInstallations = 3000
)

// listed returns nil if GitHub lists the installation for the installer. It compares ids, because other people can take a name.
func (s *Session) listed(ctx context.Context, user string) error {
	for page := 1; page <= maxInstallations/installationsAtOnce; page++ {
		var answer struct {
			Installations []struct {
				ID int64 `json:"id"`
			} `json:"installations"`
		}
		if err := s.asInstaller(ctx, opListed, fmt.Sprintf("user/installations?per_page=%d&page=%d", installationsAtOnce, page), user, &answer); err != nil {
			return err
		}
		for _, i := range answer.Installations {
			if i.ID == s.bound.ID {
				return nil
			}
		}
		if len(answer.Installations) < installationsAtOnce {
			break
		}
	}
	return &fault.Error{Code: fault.NotInstallers, Op: opListed}
}

// owns returns nil if the installer is an owner of the organization. It uses a token that reads nothing else, and gives it back at once.
func (s *Session) owns(ctx context.Context, installer person) error {
	if s.installation.Permissions[access.Members] == "" {
		return s.lacking(ctx, access.Members, func(asks map[string]string) bool { return asks[access.Members] == "" })
	}
	token, _, err := s.mintReading(ctx, map[string]string{access.Members: "read"})
	if err != nil {
		return err
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), givenBackWithin)
		defer cancel()
		s.giveBack(ctx, token)
	}()
	var answer struct {
		State        string `json:"state"`
		Role         string `json:"role"`
		User         person `json:"user"`
		Organization person `json:"organization"`
	}
	text, err := s.call(ctx, opRole, "GET", "orgs/"+s.installation.AccountSlug+"/memberships/"+installer.Login, token, nil)
	switch {
	case fault.Is(err, fault.NotFound):
		return &fault.Error{Code: fault.NotOwner, Op: opRole}
	case err != nil:
		return err
	case json.Unmarshal(text, &answer) != nil, answer.User.ID <= 0, answer.Organization.ID <= 0:
		return undocumented(opRole)
	case answer.State != "active" || answer.Role != "admin", answer.User.ID != installer.ID,
		fmt.Sprint(answer.Organization.ID) != s.installation.AccountID: // another account may have taken the name in the meantime
		return &fault.Error{Code: fault.NotOwner, Op: opRole}
	}
	return nil
}
