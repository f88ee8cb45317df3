package githubsim

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// authorizePage asks who somebody is, and sends the browser back with a code of that person. GitHub asks nothing of a signed-in person who
// has agreed before. Here they choose who they are.
func (s *Server) authorizePage(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	world := s.world.Load()
	app, known := world.app(query.Get("client_id"))
	switch login := query.Get("login"); {
	case !known || app.ClientSecret == "":
		showMessage(w, http.StatusNotFound, "There is no such App.")
		return
	case login != "":
		s.sendBack(w, r, url.Values{"code": {s.Authorize(app.ClientID, login)}}, query.Get("state"))
		return
	}
	var logins []string
	for _, account := range world.accounts {
		for _, p := range account.People {
			logins = append(logins, p.Login)
		}
	}
	slices.SortFunc(logins, strings.Compare)
	format, args := "<h1>Authorize %s</h1>\n<p>Choose who you are.</p>\n<ul>\n", []string{app.Slug}
	for _, login := range slices.Compact(logins) {
		query.Set("login", login)
		format += "<li><a href=\"?%s\">as %s</a></li>\n"
		args = append(args, query.Encode(), login)
	}
	showPage(w, http.StatusOK, format+"</ul>\n", args...)
}
