package githubsim

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// CostCenter is a cost center of an enterprise. It is billed for the people of its organizations.
type CostCenter struct {
	ID, Name      string
	Organizations []string // logins
	Deleted       bool     // its bills remain
}

// centerName is how a bill names a cost center.
type centerName struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

func (s *Server) costCenters(w http.ResponseWriter, r *http.Request, v visit) {
	type resource struct {
		Type string `json:"type"`
		Name string `json:"name"`
	}
	type center struct {
		centerName
		State     string     `json:"state"`
		Resources []resource `json:"resources"`
	}
	centers := []center{}
	for _, c := range v.account.CostCenters {
		one := center{centerName{c.ID, c.Name}, "active", []resource{}}
		if c.Deleted {
			one.State = "deleted"
		}
		for _, login := range c.Organizations {
			one.Resources = append(one.Resources, resource{"Org", login})
		}
		if wanted := r.URL.Query().Get("state"); wanted == "" || wanted == one.State {
			centers = append(centers, one)
		}
	}
	writeJSON(w, http.StatusOK, map[string]any{"costCenters": centers})
}

// billedPart is a part of an enterprise's bill.
type billedPart struct {
	whole    bool
	throughs []int // the granting organizations that belong to it
	center   *centerName
}

var wholeBill = billedPart{whole: true}

// billedPart reads which part of the enterprise's bill is requested: one organization, one cost center, or everything without a
// cost center.
func (a *Account) billedPart(query url.Values) (billedPart, *refusal) {
	var part billedPart
	login, id := query.Get("organization"), query.Get("cost_center_id")
	if login == "" && id == "" {
		return wholeBill, nil
	}
	if slices.ContainsFunc(a.RefusedOrganizations, func(refused string) bool { return strings.EqualFold(refused, login) }) {
		return part, &refusal{status: http.StatusForbidden, message: "Must have admin rights to Organization."}
	}
	at := slices.IndexFunc(a.CostCenters, func(c CostCenter) bool { return c.ID == id })
	if id != "" && id != "none" {
		if at < 0 {
			return part, &notFound
		}
		part.center = &centerName{id, a.CostCenters[at].Name}
	}
	known := login == ""
	for through := range granters {
		named := strings.EqualFold(login, a.granter(through))
		known = known || named
		if (login == "" || named) && (id == "" || a.centerOf(through) == at) {
			part.throughs = append(part.throughs, through)
		}
	}
	if !known {
		return part, &notFound
	}
	return part, nil
}

// centerOf returns the index of a granting organization's cost center, or -1 if it has none.
func (a *Account) centerOf(through int) int {
	return slices.IndexFunc(a.CostCenters, func(c CostCenter) bool {
		return slices.ContainsFunc(c.Organizations, func(login string) bool { return strings.EqualFold(login, a.granter(through)) })
	})
}
