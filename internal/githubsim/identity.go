package githubsim

import (
	"net/http"
	"strings"
)

// profile is GitHub's short form of a user.
type profile struct {
	Login     string `json:"login"`
	ID        int64  `json:"id"`
	NodeID    string `json:"node_id"`
	AvatarURL string `json:"avatar_url"`
	URL       string `json:"url"`
	HTMLURL   string `json:"html_url"`
	Type      string `json:"type"`
	SiteAdmin bool   `json:"site_admin"`
}

func profileOf(login string, id int64) profile {
	return profile{
		Login: login, ID: id, NodeID: "U_kgDO" + login,
		AvatarURL: "https://avatars.githubusercontent.com/" + login,
		URL:       "https://api.github.com/users/" + login,
		HTMLURL:   "https://github.com/" + login,
		Type:      "User",
	}
}

func ownerProfile(t Token) profile {
	return profileOf(t.Login, entityID("user/"+t.Login))
}

func (s *Server) user(w http.ResponseWriter, _ *http.Request, caller Token) {
	if caller.minted {
		notForApps.write(w)
		return
	}
	writeJSON(w, http.StatusOK, struct {
		profile
		Name        *string `json:"name"`
		PublicRepos int     `json:"public_repos"`
		CreatedAt   string  `json:"created_at"`
	}{profile: ownerProfile(caller), PublicRepos: 3, CreatedAt: "2019-04-02T08:15:30Z"})
}

// orgSummary is the organization as memberships and seats show it.
type orgSummary struct {
	Login       string  `json:"login"`
	ID          int64   `json:"id"`
	URL         string  `json:"url"`
	Description *string `json:"description"`
}

func orgSummaryOf(login string) orgSummary {
	return orgSummary{Login: login, ID: entityID("organization/" + strings.ToLower(login)), URL: "https://api.github.com/orgs/" + login}
}

// orgSummary is the summary of an organization that GitHub has as an account of its own.
func (a *Account) orgSummary() orgSummary {
	summary := orgSummaryOf(a.Slug)
	summary.ID = a.id()
	return summary
}

type orgPlan struct {
	Name        string `json:"name"`
	Seats       int    `json:"seats"`
	FilledSeats int    `json:"filled_seats"`
}

func (s *Server) organization(w http.ResponseWriter, _ *http.Request, v visit) {
	answer := struct {
		orgSummary
		Type      string   `json:"type"`
		HTMLURL   string   `json:"html_url"`
		CreatedAt string   `json:"created_at"`
		Plan      *orgPlan `json:"plan,omitempty"` // owners only
	}{
		orgSummary: v.account.orgSummary(),
		Type:       "Organization",
		HTMLURL:    "https://github.com/" + v.account.Slug,
		CreatedAt:  "2018-11-05T10:00:00Z",
	}
	if v.token.Role == RoleAdmin {
		people := v.account.Seats + 10
		answer.Plan = &orgPlan{Name: "business", Seats: people, FilledSeats: people}
	}
	writeJSON(w, http.StatusOK, answer)
}

func (s *Server) membership(w http.ResponseWriter, _ *http.Request, v visit) {
	if v.token.Role == RoleNone {
		notFound.write(w)
		return
	}
	role := "member"
	if v.token.Role == RoleAdmin {
		role = "admin"
	}
	organization := v.account.orgSummary()
	writeJSON(w, http.StatusOK, map[string]any{
		"url":              organization.URL + "/memberships/" + v.token.Login,
		"state":            "active",
		"role":             role,
		"organization_url": organization.URL,
		"organization":     organization,
		"user":             ownerProfile(v.token),
	})
}
