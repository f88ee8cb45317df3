package githubsim

import (
	"net/http"
	"path"
	"slices"
	"strings"
)

// apiVersions are the versions that GitHub serves. A request with an unknown version is an error. A request without a version
// gets the oldest.
var apiVersions = []string{"2022-11-28", "2026-03-10"}

func (s *Server) routes() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("/", s.known(func(w http.ResponseWriter, _ *http.Request, _ Token) { notFound.write(w) }))
	mux.HandleFunc("/user", s.known(s.user))
	mux.HandleFunc("/rate_limit", s.known(s.rateLimit))

	mux.HandleFunc("/orgs/{slug}", s.permitted(orgProfile, s.organization))
	mux.HandleFunc("/organizations/{id}", s.known(s.organizationByID))
	mux.HandleFunc("/user/memberships/orgs/{slug}", s.permitted(orgMembership, s.membership))
	mux.HandleFunc("/orgs/{slug}/copilot/billing", s.permitted(orgSeats, s.billing))
	mux.HandleFunc("/orgs/{slug}/copilot/billing/seats", s.permitted(orgSeats, s.seats))
	mux.HandleFunc("/organizations/{slug}/settings/billing/ai_credit/usage", s.permitted(orgCredits, s.creditUsage))
	mux.HandleFunc("/enterprises/{slug}/copilot/billing/seats", s.permitted(enterpriseSeats, s.seats))
	mux.HandleFunc("/organizations/{slug}/settings/billing/budgets", s.permitted(orgCredits, s.budgets))
	mux.HandleFunc("/enterprises/{slug}/settings/billing/ai_credit/usage", s.permitted(enterpriseCredits, s.creditUsage))
	mux.HandleFunc("/enterprises/{slug}/settings/billing/cost-centers", s.permitted(enterpriseCredits, s.costCenters))
	mux.HandleFunc("/enterprises/{slug}/settings/billing/budgets", s.permitted(enterpriseCredits, s.budgets))

	mux.HandleFunc("GET /user/installations", s.known(s.installationsOfUser))
	mux.HandleFunc("GET /orgs/{slug}/memberships/{login}", s.permitted(orgMembers, s.membershipOf))
	mux.HandleFunc("GET /app", s.asApp(s.theApp))
	mux.HandleFunc("GET /orgs/{slug}/installation", s.installationOn(Organization))
	mux.HandleFunc("GET /enterprises/{slug}/installation", s.installationOn(Enterprise))
	mux.HandleFunc("GET /app/installations/{id}", s.ofApp(s.installationByID))
	mux.HandleFunc("POST /app/installations/{id}/access_tokens", s.ofApp(s.accessTokens))
	mux.HandleFunc("DELETE /installation/token", s.known(s.revokeMinted))
	mux.HandleFunc("POST /app-manifests/{code}/conversions", s.convert)

	for kind, root := range map[Kind]string{Organization: "/orgs/{slug}", Enterprise: "/enterprises/{slug}"} {
		need := orgReports
		if kind == Enterprise {
			need = enterpriseReports
		}
		for _, rep := range reportsOf[kind] {
			path := root + "/copilot/metrics/reports/" + rep.name
			if rep.days == 1 {
				mux.HandleFunc(path, s.permitted(need, s.oneDay(rep)))
			} else {
				mux.HandleFunc(path+"/latest", s.permitted(need, s.latest(rep)))
			}
		}
	}
	return mux
}

func (s *Server) api(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("X-GitHub-Media-Type", "github.v3; format=json")
	version := r.Header.Get("X-GitHub-Api-Version")
	if version == "" {
		version = apiVersions[0]
	}
	if !slices.Contains(apiVersions, version) {
		refusal{
			status:  http.StatusBadRequest,
			message: "'" + version + "' is not a supported API version",
			docs:    docs + "/about-the-rest-api/api-versions",
		}.write(w)
		return
	}
	header.Set("X-GitHub-Api-Version-Selected", version)
	// ServeMux would answer an unclean path with a redirect, which GitHub never does.
	if r.Method != http.MethodGet && !writes(r) || r.URL.Path != path.Clean(r.URL.Path) {
		s.known(func(w http.ResponseWriter, _ *http.Request, _ Token) { notFound.write(w) })(w, r)
		return
	}
	s.mux.ServeHTTP(w, r)
}

// pageRoutes are the pages on which a person registers an App and installs it.
func (s *Server) pageRoutes() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /organizations/{slug}/settings/apps/new", s.registerPage)
	mux.HandleFunc("POST /organizations/{slug}/settings/apps", s.register)
	mux.HandleFunc("GET /apps/{app}/installations/new", s.installPage)
	mux.HandleFunc("POST /apps/{app}/installations", s.install)
	mux.HandleFunc("GET /login/oauth/authorize", s.authorizePage)
	mux.HandleFunc("POST /login/oauth/access_token", s.exchange)
	return mux
}

// writes reports whether the API simulates this request although it is not a GET.
func writes(r *http.Request) bool {
	return r.Method == http.MethodPost && (strings.HasSuffix(r.URL.Path, "/access_tokens") || strings.HasSuffix(r.URL.Path, "/conversions")) ||
		r.Method == http.MethodDelete && r.URL.Path == "/installation/token"
}
