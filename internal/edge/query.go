package edge

import (
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// parameterName is the pattern of our query parameters' names. Problems do not repeat a name that does not match.
var parameterName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]{0,31}$`)

// CheckQuery returns what is wrong with a request's query: it is malformed, it has an unknown parameter, or a parameter is
// repeated or has no value. values maps each known parameter to a description of its values.
func CheckQuery(r *http.Request, takes []string, values map[string]string) []FieldError {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil { // otherwise a malformed query would count as an empty one
		return []FieldError{{"query", "must be name=value pairs, joined by & and escaped as in URLs"}}
	}
	var wrong []FieldError
	for _, name := range slices.Sorted(maps.Keys(query)) {
		switch {
		case !slices.Contains(takes, name) && !parameterName.MatchString(name):
			wrong = append(wrong, FieldError{"query", "has a parameter that is not known here: " + accepted(takes)})
		case !slices.Contains(takes, name):
			wrong = append(wrong, FieldError{name, "is not a parameter of this call, which " + accepted(takes)})
		case len(query[name]) > 1:
			wrong = append(wrong, FieldError{name, "may be given once only"})
		case query.Get(name) == "": // the caller has lost the value and would misread the answer
			wrong = append(wrong, FieldError{name, "must not be empty: it takes " + values[name]})
		}
	}
	return wrong
}

// accepted lists the parameters of a route, in words.
func accepted(takes []string) string {
	if len(takes) == 0 {
		return "takes none"
	}
	return "takes " + strings.Join(takes, ", ")
}
