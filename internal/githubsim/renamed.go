package githubsim

import (
	"net/http"
	"strings"
)

// moved answers for a name that no account has. If an account had it before, the answer is a redirect to that account.
func (s *Server) moved(w http.ResponseWriter, r *http.Request, kind Kind) {
	slug := r.PathValue("slug")
	for _, account := range s.world.Load().accounts {
		if account.Kind != kind || account.FormerSlug == "" || !strings.EqualFold(account.FormerSlug, slug) {
			continue
		}
		now := "/organizations/" + account.idString()
		if kind == Enterprise {
			now = "/enterprises/" + account.Slug
		}
		_, rest, _ := strings.Cut(r.URL.Path, "/"+slug)
		w.Header().Set("Location", now+rest)
		refusal{status: http.StatusMovedPermanently, message: "Moved Permanently"}.write(w)
		return
	}
	notFound.write(w)
}

// organizationByID answers for an organization's id, which never changes.
func (s *Server) organizationByID(w http.ResponseWriter, r *http.Request, caller Token) {
	for _, account := range s.world.Load().accounts {
		if account.Kind == Organization && account.idString() == r.PathValue("id") {
			s.organization(w, r, visit{account, account.tokenFor(caller)})
			return
		}
	}
	notFound.write(w)
}
