package adminapi

import (
	"cmp"
	"net/http"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/edge"
	"cloudmonitor.ai/copilot-connector/internal/seat"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

// verify answers POST /verify. The status is 200 if the credential could be judged, even if it did not pass.
func (a API) verify(w *edge.Answer, r *http.Request) *problem {
	var form connectorForm
	if p := readJSON(w, r, &form); p != nil {
		return p
	}
	request, p := form.request(a.InstallURL != "")
	if p != nil {
		return p
	}
	edge.WriteJSON(w, http.StatusOK, "application/json", a.Verifier.Verify(r.Context(), request))
	return nil
}

// connectorForm is the form that the administrator fills in. Verify and Save take the same form, so that a form is verified as it
// will be saved.
type connectorForm struct {
	credentialForm
	Scope         *string  `json:"scope"`
	Slug          *string  `json:"slug"`
	Host          *string  `json:"host"`
	NotifyEmails  []string `json:"notifyEmails"`
	IdleAfterDays *int     `json:"idleAfterDays"`
}

const (
	maxIdleAfterDays = 365
	maxNotifyEmails  = 10
)

// request checks the form and names all errors at once.
func (f connectorForm) request(stackApp bool) (verify.Request, *problem) {
	var c formCheck
	request := verify.Request{IdleAfterDays: seat.DefaultIdleAfterDays}
	request.Token = c.credential(f.credentialForm, stackApp)
	request.Account = c.account(f)
	if f.IdleAfterDays != nil {
		request.IdleAfterDays = *f.IdleAfterDays
		c.idleAfterDays(*f.IdleAfterDays)
	}
	c.emails(f.NotifyEmails)
	return request, c.problem()
}

// account reads the account. If the name is an address, it also gives the host and usually the scope. An installation of the stack's
// App tells scope and name by itself where they are left out.
func (c *formCheck) account(f connectorForm) copilot.Account {
	var named formCheck
	var account copilot.Account
	if f.Slug != nil || f.Installation == nil {
		account = parse(&named, "slug", f.Slug, copilot.ParseName)
	}
	if f.Scope != nil || f.Installation == nil && account.Scope == "" {
		account.Scope = cmp.Or(account.Scope, parse(c, "scope", f.Scope, copilot.ParseScope))
	}
	c.errors = append(c.errors, named.errors...)
	given := f.Host
	if given == nil || *given == "" {
		given = &account.Host
	}
	host := parse(c, "host", given, copilot.ParseHost)
	c.require(account.Host == "" || host == "" || host == account.Host, "host", "is another host than that of the address in slug")
	account.Host = host
	c.require(f.Installation == nil || host == "" || host == copilot.GitHubCom, "host",
		"must be github.com beside installation: the App of CloudMonitor cannot be installed anywhere else")
	return account
}

func (c *formCheck) idleAfterDays(days int) {
	c.require(days >= 1 && days <= maxIdleAfterDays, "idleAfterDays", "must be a whole number from 1 to 365")
}
