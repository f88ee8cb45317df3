package githubsim

import (
	"crypto/rand"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Person is a person of the account that lists them.
type Person struct {
	Login   string
	Role    Role // RoleAdmin or RoleMember
	Pending bool // the invitation is not accepted yet
}

// codeFor is how long an installer's code is valid.
const codeFor = 10 * time.Minute

// authorized is a person who has allowed an App to act for them.
type authorized struct {
	app   string // client id
	login string
	until time.Time
}

// installers keeps the codes that were not exchanged yet, and the tokens given for codes.
type installers struct {
	mu     sync.Mutex
	codes  map[string]authorized
	tokens map[string]authorized
}

// Authorize returns the code that GitHub gives to the browser of a person who installs an App. It can be exchanged once.
func (s *Server) Authorize(clientID, login string) (code string) {
	code = strings.ToLower(rand.Text())[:20]
	s.installers.mu.Lock()
	defer s.installers.mu.Unlock()
	if s.installers.codes == nil {
		s.installers.codes, s.installers.tokens = map[string]authorized{}, map[string]authorized{}
	}
	s.installers.codes[code] = authorized{clientID, login, s.now().Add(codeFor)}
	return code
}

// exchange answers POST /login/oauth/access_token. It refuses a code with status 200, as GitHub does.
func (s *Server) exchange(w http.ResponseWriter, r *http.Request) {
	form := r.PostFormValue
	app, known := s.world.Load().app(form("client_id"))
	s.installers.mu.Lock()
	defer s.installers.mu.Unlock()
	given, ok := s.installers.codes[form("code")]
	refuse := func(code, description string) {
		answerForm(w, r, map[string]string{
			"error": code, "error_description": description,
			"error_uri": "https://docs.github.com/apps/managing-oauth-apps/troubleshooting-oauth-app-access-token-request-errors",
		})
	}
	switch {
	case !known:
		notFound.write(w)
	case app.ClientSecret == "" || form("client_secret") != app.ClientSecret:
		refuse("incorrect_client_credentials", "The client_id and/or client_secret passed are incorrect.")
	case !ok || given.app != app.ClientID || !s.now().Before(given.until):
		refuse("bad_verification_code", "The code passed is incorrect or expired.")
	default:
		delete(s.installers.codes, form("code"))
		token := "ghu_" + rand.Text() + rand.Text()[:10]
		given.until = s.now().Add(8 * time.Hour)
		s.installers.tokens[token] = given
		answerForm(w, r, map[string]string{"access_token": token, "token_type": "bearer", "scope": "", "expires_in": "28800"})
	}
}

// answerForm answers in JSON if the caller accepts it, and otherwise as a form.
func answerForm(w http.ResponseWriter, r *http.Request, values map[string]string) {
	if accepted, _, _ := mime.ParseMediaType(r.Header.Get("Accept")); accepted == "application/json" {
		writeJSON(w, http.StatusOK, values)
		return
	}
	form := url.Values{}
	for name, value := range values {
		form.Set(name, value)
	}
	w.Header().Set("Content-Type", "application/x-www-form-urlencoded")
	_, _ = w.Write([]byte(form.Encode()))
}

// installerToken returns the token that was given for a code.
func (s *Server) installerToken(value string) (caller Token, ok bool) {
	s.installers.mu.Lock()
	defer s.installers.mu.Unlock()
	given, ok := s.installers.tokens[value]
	if !ok {
		return Token{}, false
	}
	return Token{Value: value, Login: given.login, Role: RoleNone, installerOf: given.app, ExpiresAt: given.until.UTC()}, true
}

// installationsOfUser answers GET /user/installations: the App's installations that the person can reach. Only its owners can
// reach an enterprise's.
func (s *Server) installationsOfUser(w http.ResponseWriter, r *http.Request, caller Token) {
	if caller.installerOf == "" {
		refusal{status: http.StatusForbidden, message: "You must authenticate with an access token authorized to a GitHub App in order to list installations"}.write(w)
		return
	}
	world := s.world.Load()
	app, _ := world.app(caller.installerOf)
	list := []map[string]any{}
	for _, account := range world.accounts {
		for _, i := range account.Installations {
			if i.App == app.ID && account.shows(caller.Login) {
				list = append(list, installed{i, account}.answer(app))
			}
		}
	}
	slices.SortFunc(list, func(a, b map[string]any) int { return int(a["id"].(int64) - b["id"].(int64)) })
	perPage, page := 30, 1
	if n, err := strconv.Atoi(r.URL.Query().Get("per_page")); err == nil && n > 0 && n <= 100 {
		perPage = n
	}
	if n, err := strconv.Atoi(r.URL.Query().Get("page")); err == nil && n > 0 {
		page = n
	}
	from := min((page-1)*perPage, len(list))
	writeJSON(w, http.StatusOK, map[string]any{"total_count": len(list), "installations": list[from:min(from+perPage, len(list))]})
}

func (a *Account) person(login string) (Person, bool) {
	for _, p := range a.People {
		if strings.EqualFold(p.Login, login) {
			return p, true
		}
	}
	return Person{}, false
}

// shows reports whether a person sees the installations on the account.
func (a *Account) shows(login string) bool {
	p, ok := a.person(login)
	return ok && (a.Kind == Organization || p.Role == RoleAdmin)
}

// membershipOf answers GET /orgs/ORG/memberships/LOGIN.
func (s *Server) membershipOf(w http.ResponseWriter, r *http.Request, v visit) {
	p, ok := v.account.person(r.PathValue("login"))
	if !ok {
		notFound.write(w)
		return
	}
	role, state := "member", "active"
	if p.Role == RoleAdmin {
		role = "admin"
	}
	if p.Pending {
		state = "pending"
	}
	organization := v.account.orgSummary()
	writeJSON(w, http.StatusOK, map[string]any{
		"url": organization.URL + "/memberships/" + p.Login, "state": state, "role": role, "organization_url": organization.URL,
		"organization": organization, "user": profileOf(p.Login, entityID("user/"+p.Login)),
	})
}
