package edge

import (
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// parameterName is how the name of a query parameter looks. Anything else in a name's place is not repeated.
var parameterName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]{0,31}$`)

// CheckQuery returns what is wrong with the query of a request that takes some parameters: it cannot be read, it has others,
// or one of them comes more than once or without a value. values says of each what it takes.
func CheckQuery(r *http.Request, takes []string, values map[string]string) []FieldError {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil { // it would otherwise be taken for one without parameters
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
		case query.Get(name) == "": // who sends it has lost the value, and would take the answer for that to the value
			wrong = append(wrong, FieldError{name, "must not be empty: it takes " + values[name]})
		}
	}
	return wrong
}

// accepted says which parameters a call takes.
func accepted(takes []string) string {
	if len(takes) == 0 {
		return "takes none"
	}
	return "takes " + strings.Join(takes, ", ")
}
