package githubsim

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// SetCallback sets the address to which a browser is sent after an App was installed. Without it, the page shows the parameters
// instead.
func (s *Server) SetCallback(address string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.callback = address
}

// connectPage shows where a public App can be installed. On GitHub a signed-in person chooses an account. Here they also choose
// who they are.
func (s *Server) connectPage(w http.ResponseWriter, r *http.Request, app App) {
	query := r.URL.Query()
	if id := query.Get("installation_id"); id != "" {
		back := url.Values{"code": {s.Authorize(app.ClientID, query.Get("login"))}, "installation_id": {id}, "setup_action": {"install"}}
		s.sendBack(w, r, back, query.Get("state"))
		return
	}
	format, args := "<h1>Install %s</h1>\n<p>Choose who you are and where you install the App.</p>\n<ul>\n", []string{app.Slug}
	for _, choice := range s.world.Load().choices(app) {
		choice.query.Set("state", query.Get("state"))
		format += "<li><a href=\"?%s\">%s</a></li>\n"
		args = append(args, choice.query.Encode(), choice.words)
	}
	showPage(w, http.StatusOK, format+"</ul>\n", args...)
}

// choice is an installation, with a person who has installed it.
type choice struct {
	words string
	query url.Values
}

func (w *world) choices(app App) (list []choice) {
	for _, account := range w.accounts {
		for _, i := range account.Installations {
			for _, p := range account.People {
				if i.App != app.ID {
					continue
				}
				role := map[bool]string{true: "an owner", false: "a member"}[p.Role == RoleAdmin]
				list = append(list, choice{
					fmt.Sprintf("on the %s %s, as %s, %s of it", account.Kind, account.Slug, p.Login, role),
					url.Values{"installation_id": {strconv.FormatInt(i.ID, 10)}, "login": {p.Login}},
				})
			}
		}
	}
	slices.SortFunc(list, func(a, b choice) int { return strings.Compare(a.words, b.words) })
	return list
}

// sendBack sends the browser to the callback with a code of the person.
func (s *Server) sendBack(w http.ResponseWriter, r *http.Request, back url.Values, state string) {
	if state != "" {
		back.Set("state", state)
	}
	s.mu.Lock()
	callback := s.callback
	s.mu.Unlock()
	if callback == "" {
		writeJSON(w, http.StatusOK, map[string]string{"installationId": back.Get("installation_id"), "code": back.Get("code"), "state": state})
		return
	}
	http.Redirect(w, r, callback+"?"+back.Encode(), http.StatusFound)
}

func (w *world) appOf(slug string) (App, bool) {
	for _, account := range w.accounts {
		for _, app := range account.Apps {
			if app.Slug == slug {
				return app, true
			}
		}
	}
	return App{}, false
}
