package adminapi

import (
	"errors"
	"net/http"
	"net/url"
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/edge"
	"cloudmonitor.ai/copilot-connector/internal/privacy"
	"cloudmonitor.ai/copilot-connector/internal/usage"
)

// showUsers answers GET /connectors/{id}/users with a part of the people of a range, or with the person of userId.
func (a API) showUsers(w *edge.Answer, r *http.Request, c *connector.Connector) *problem {
	var check formCheck
	query := r.URL.Query()
	days := a.dateRange(&check, query)
	person := check.person(query.Get("userId"))
	list, ordered := check.userList(query)
	for _, name := range []string{"next", "team", "q", "sort", "order"} {
		check.require(person == "" || !query.Has(name), name, "does not go with userId")
	}
	if p := check.problem(); p != nil {
		return p
	}
	w.WhenTooLong(shorterRange(days))
	var (
		answer usage.Users
		err    error
		next   = query.Get("next")
	)
	switch {
	case person != "":
		answer, err = a.Connectors.Usage.User(r.Context(), c, days, person)
	case ordered:
		answer, err = a.Connectors.Usage.SortedUsers(r.Context(), c, days, list, next)
	default:
		answer, err = a.Connectors.Usage.Users(r.Context(), c, days, next)
	}
	if err != nil {
		return usersFailure(days, err)
	}
	edge.WriteJSON(w, http.StatusOK, "application/json", answer)
	return nil
}

// usersFailure returns the problem for an error while people of a range are read.
func usersFailure(days calendar.Range, err error) *problem {
	if tooMany := new(usage.TooManyDaysError); errors.As(err, &tooMany) {
		return ours(edge.TooSlow(fewerDays(days, tooMany.Most) + " Or ask without q, sort and order, which reads some people at a time."))
	}
	return listFailure(err)
}

// userList reads the selection and the order of people. If neither is given, people may come in any order.
func (c *formCheck) userList(query url.Values) (list usage.UserList, ordered bool) {
	list = usage.UserList{Team: query.Get("team"), Login: query.Get("q"), Sort: query.Get("sort"), Descending: c.descending(query)}
	c.require(list.Sort == "" || slices.Contains(usage.UserSorts(), list.Sort), "sort", "must be one of "+joined(usage.UserSorts()))
	return list, list.Team != "" || list.Login != "" || list.Sort != "" || query.Get("order") != ""
}

// descending reads the order of a list.
func (c *formCheck) descending(query url.Values) bool {
	order := query.Get("order")
	c.require(order == "" || order == "asc" || order == "desc", "order", "must be asc or desc")
	return order == "desc"
}

// person reads the reference to a person: an id or a pseudonym. It returns "" if none was given.
func (c *formCheck) person(given string) string {
	if given == "" {
		return ""
	}
	return parse(c, "userId", &given, privacy.ParseReference)
}
