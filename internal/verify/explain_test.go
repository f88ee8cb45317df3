package verify

import (
	"errors"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/seat"
)

func coded(code fault.Code) error { return &fault.Error{Code: code, Err: errors.New("no")} }

// of returns the evidence about a token that gets 404 for every report, changed by change.
func of(scope copilot.Scope, token string, change func(*evidence)) *evidence {
	e := newEvidence(Request{
		Account: copilot.Account{Host: copilot.GitHubCom, Scope: scope, Slug: "octo"}, Token: credential.NewToken(token),
	}, time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC))
	e.organizationErr, e.roleErr, e.planErr, e.seatsErr = coded(fault.NotFound), nil, coded(fault.NotFound), coded(fault.NotFound)
	e.role = credential.RoleUnknown
	if e.fineGrained() {
		e.identity.Scopes = nil
	} else {
		e.identity.Scopes = []string{"read:enterprise", "read:org"}
	}
	if scope == copilot.Enterprise {
		e.organizationErr, e.roleErr, e.planErr = errNotAsked, errNotAsked, errNotAsked
	}
	change(e)
	return e
}

func TestWhatA404ForEveryReportMeans(t *testing.T) {
	t.Parallel()
	const classic, fineGrained = "ghp_x", "github_pat_x"
	const organization, enterprise = copilot.Organization, copilot.Enterprise
	there := func(e *evidence) { e.organizationErr = nil }
	for name, test := range map[string]struct {
		scope  copilot.Scope
		token  string
		change func(*evidence)
		want   cause
	}{
		"nothing there":                       {organization, classic, func(*evidence) {}, causeNoAccount},
		"an enterprise's name":                {organization, classic, func(e *evidence) { e.otherScope = true }, causeOtherScope},
		"an organization's name":              {enterprise, classic, func(e *evidence) { e.otherScope = true }, causeOtherScope},
		"no scope that opens reports":         {organization, classic, func(e *evidence) { there(e); e.identity.Scopes = []string{"repo"} }, causeScope},
		"no scope that opens an enterprise's": {enterprise, classic, func(e *evidence) { e.identity.Scopes = []string{"read:org"} }, causeScope},
		"a member":                            {organization, classic, func(e *evidence) { there(e); e.role = credential.RoleMember }, causeRole},
		"invited":                             {organization, fineGrained, func(e *evidence) { there(e); e.role = credential.RoleInvited }, causeRole},
		"a stranger":                          {organization, classic, func(e *evidence) { there(e); e.role = credential.RoleNone }, causeRole},
		"a stranger to a fine-grained token that may not ask for the role": {organization, fineGrained, func(e *evidence) { there(e); e.role = credential.RoleNone }, causePermission},
		"no seats and no plan": {organization, classic, func(e *evidence) { there(e); e.seatsErr = nil; e.plan = "" }, causeNoCopilot},
		"no seats, and a plan": {organization, classic, func(e *evidence) { there(e); e.seatsErr, e.planErr, e.plan = nil, nil, copilot.PlanBusiness }, causeNone},
		"seats": {enterprise, classic, func(e *evidence) {
			e.seatsErr, e.seats = nil, make([]seat.Seat, 1)
			e.seats[0].Plan = copilot.PlanBusiness
		}, causeNone},
		"some of the seats": {enterprise, classic, func(e *evidence) { e.seatsErr = coded(fault.SSOPartial) }, causeNone},
		"a plan":            {organization, fineGrained, func(e *evidence) { there(e); e.planErr, e.plan = nil, copilot.PlanBusiness }, causeNone},
		"nothing readable with a fine-grained token": {organization, fineGrained, there, causePermission},
		"nothing readable of an enterprise":          {enterprise, classic, func(*evidence) {}, causeNoAccount},
		"nothing readable for an owner":              {organization, classic, func(e *evidence) { there(e); e.role = credential.RoleOwner }, causeNoCopilot},
		"seats fail for an owner":                    {organization, classic, func(e *evidence) { there(e); e.role = credential.RoleOwner; e.seatsErr = coded(fault.Unreachable) }, causeUnexplained},
		"seats name the required right":              {organization, classic, func(e *evidence) { there(e); e.seatsErr = coded(fault.NotPrivileged) }, causeRole},
		"hidden, and the role is unknown":            {organization, classic, there, causeHidden},
		"single sign-on":                             {organization, classic, func(e *evidence) { e.organizationErr = coded(fault.SSORequired) }, causeSSO},
		"the owners' rules":                          {organization, classic, func(e *evidence) { there(e); e.planErr = coded(fault.TokenRules) }, causeRules},
		"the owners' rule for lifetimes":             {enterprise, classic, func(e *evidence) { e.seatsErr = coded(fault.TokenLifetime) }, causeRules},
		"an IP allow list":                           {organization, classic, func(e *evidence) { there(e); e.seatsErr = coded(fault.IPRefused) }, causeAddress},
		"renamed":                                    {organization, classic, func(e *evidence) { e.organizationErr = coded(fault.Renamed) }, causeRenamed},
		"suspended":                                  {organization, classic, func(e *evidence) { there(e); e.roleErr = coded(fault.Suspended) }, causeSuspended},
	} {
		e := of(test.scope, test.token, test.change)
		if got, _ := e.explainNotFound(coded(fault.NotFound)); got != test.want {
			t.Errorf("%s: cause %d, want %d", name, got, test.want)
		}
	}
}

func TestWhatARefusalOfTheReportsMeans(t *testing.T) {
	t.Parallel()
	none := func(*evidence) {}
	noScope := func(e *evidence) { e.identity.Scopes = []string{"repo"} }
	as := func(role credential.Role) func(*evidence) { return func(e *evidence) { e.role = role } }
	for name, test := range map[string]struct {
		code   fault.Code
		change func(*evidence)
		want   cause
	}{
		"single sign-on, and no scope": {fault.SSORequired, noScope, causeSSO},
		"policy off, and no scope":     {fault.PolicyOff, noScope, causePolicy},
		"the owners' rules":            {fault.TokenRules, none, causeRules},
		"a rule for lifetimes":         {fault.TokenLifetime, noScope, causeRules},
		"an IP allow list":             {fault.IPRefused, none, causeAddress},
		"suspended":                    {fault.Suspended, none, causeSuspended},
		"renamed":                      {fault.Renamed, noScope, causeRenamed},
		"no scope":                     {fault.NotPrivileged, noScope, causeScope},
		"no permission":                {fault.Permission, as(credential.RoleOwner), causePermission},
		"an owner":                     {fault.NotPrivileged, as(credential.RoleOwner), causeUnexplained},
		"no role":                      {fault.NotPrivileged, none, causeRole},
		"a member, unexplained":        {fault.Refused, as(credential.RoleMember), causeRole},
		"unexplained":                  {fault.Refused, none, causeUnexplained},
	} {
		if got := of(copilot.Organization, "ghp_x", test.change).explainRefusal(coded(test.code)); got != test.want {
			t.Errorf("%s: cause %d, want %d", name, got, test.want)
		}
	}
}
