package adminapi

import (
	"errors"
	"net/http"
	"regexp"
	"strings"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/edge"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// showRegistration answers GET /github-app/registration: where an organization registers a GitHub App of its own, and with which
// manifest.
func (a API) showRegistration(w *edge.Answer, r *http.Request) *problem {
	var c formCheck
	query, scope := r.URL.Query(), string(copilot.Organization)
	form := connectorForm{Scope: &scope}
	if query.Has("slug") {
		form.Slug = new(query.Get("slug"))
	}
	if query.Has("host") {
		form.Host = new(query.Get("host"))
	}
	account := c.account(form)
	c.require(account.Scope == copilot.Organization, "slug", "must be an organization: GitHub has no such page for enterprises")
	if p := c.problem(); p != nil {
		return p
	}
	edge.WriteJSON(w, http.StatusOK, "application/json", struct {
		Action   string          `json:"action"`
		Manifest access.Manifest `json:"manifest"`
	}{access.RegisterPage(a.GitHub.Website(account.Host), account.Slug), access.NewManifest(account.Slug)})
	return nil
}

// codes matches the code of a registration. It becomes a part of the address of the exchange.
var codes = regexp.MustCompile(`^[A-Za-z0-9_-]{1,100}$`)

// oneLine escapes the line ends of a key: no text of an answer has control characters, and a pasted key may be escaped so.
var oneLine = strings.NewReplacer("\r\n", `\n`, "\n", `\n`)

// exchangeRegistration answers POST /github-app/registration: it exchanges the code for the App's client id and key. The key is in
// this one answer, for the person to whom GitHub would give it as a file, and is kept nowhere.
func (a API) exchangeRegistration(w *edge.Answer, r *http.Request) *problem {
	var form struct {
		Code *string `json:"code"`
		Host *string `json:"host"`
	}
	if p := readJSON(w, r, &form); p != nil {
		return p
	}
	var c formCheck
	c.require(form.Code != nil, "code", "is missing")
	c.require(form.Code == nil || codes.MatchString(*form.Code), "code", "must be the code with which GitHub came back")
	if form.Host == nil {
		form.Host = new("")
	}
	host := parse(&c, "host", form.Host, copilot.ParseHost)
	if p := c.problem(); p != nil {
		return p
	}
	app, err := a.GitHub.Registered(r.Context(), host, *form.Code)
	if err != nil {
		return notExchanged(err)
	}
	edge.WriteJSON(w, http.StatusOK, "application/json", struct {
		App        map[string]string `json:"app"`
		Slug       string            `json:"slug"`
		InstallURL string            `json:"installUrl"`
	}{
		map[string]string{"clientId": app.ClientID, "privateKey": oneLine.Replace(app.PrivateKey.Reveal())},
		app.Slug,
		access.InstallPage(a.GitHub.Website(host), app.Slug),
	})
	return nil
}

// notExchanged returns the problem of a code for which GitHub gave no key.
func notExchanged(err error) *problem {
	const byHand = " If GitHub shows the App, generate a private key in its settings and paste it with the client id; else register the App again."
	why, ok := errors.AsType[*fault.Error](err)
	if !ok {
		return failure(err)
	}
	reason := ""
	if words := fault.CauseOf(why); words != "" {
		reason = ": " + words
	}
	switch why.Code { //nolint:exhaustive // all others are answers that cannot be used
	case fault.NotFound:
		return newProblem(http.StatusUnprocessableEntity, "code_refused", "GitHub does not accept the code. A code is good for one exchange within an hour."+byHand)
	case fault.RateLimited:
		p := newProblem(http.StatusTooManyRequests, string(why.Code), "GitHub exchanges no more codes from this address for now. Retry-After says in how many seconds to try again."+byHand)
		p.RetryAfter = max(why.RetryAfter, time.Second)
		return p
	case fault.OutOfTime:
		return newProblem(http.StatusGatewayTimeout, string(why.Code), "GitHub did not answer in time, so the code could not be exchanged."+byHand)
	}
	return newProblem(http.StatusBadGateway, string(fault.Unreachable), "GitHub gives no usable answer"+reason+". So the code could not be exchanged."+byHand)
}
