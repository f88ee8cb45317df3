package edge

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// maxBody is the largest request body in bytes.
const maxBody = 16 << 10

// ReadJSON decodes the body, which must be one JSON object. It refuses unknown fields, names in another letter case, repeated
// fields, and null but for the fields that are nullable: a caller leaves out a field that must not change.
func ReadJSON(w http.ResponseWriter, r *http.Request, into any, nullable ...string) *Problem {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
			return NewProblem(http.StatusRequestEntityTooLarge, "too_large", "The body is larger than 16 KiB.")
		}
		return Invalid(FieldError{"body", "did not arrive whole"})
	}
	err = json.Unmarshal(body, into, json.RejectUnknownMembers(true))
	if err == nil && jsontext.Value(body).Kind() != '{' { // null decodes without an error and would change nothing
		err = errNoObject
	}
	if err != nil {
		return Invalid(explain(err))
	}
	if wrong := nulls(body, nullable); wrong != nil {
		return Invalid(wrong...)
	}
	return nil
}

// nulls names each field of a valid body that is null or contains null, but for the nullable ones. The decoder would treat it like
// a missing field.
func nulls(body []byte, nullable []string) (wrong []FieldError) {
	decoder := jsontext.NewDecoder(bytes.NewReader(body))
	for {
		token, err := decoder.ReadToken()
		if err != nil { // the end of the body, which was decoded before
			return wrong
		}
		if field := named(decoder.StackPointer()); token.Kind() == 'n' && !slices.Contains(nullable, field) {
			wrong = append(wrong, FieldError{cmp.Or(field, "body"), "must not be null: leave it out"})
		}
	}
}

var errNoObject = errors.New("no JSON object")

// fieldName is the pattern of our fields' names. An unknown name that does not match may be a secret and is not repeated.
var fieldName = regexp.MustCompile(`^[A-Za-z]{1,32}(\.[A-Za-z]{1,32})*$`)

// explain says what is wrong with a body, and names the field if it can.
func explain(err error) FieldError {
	const object = "must be one JSON object and nothing after it"
	detail, whole := "is of the wrong type", object
	var place jsontext.Pointer
	if wrong, ok := errors.AsType[*json.SemanticError](err); ok {
		place = wrong.JSONPointer
		if errors.Is(err, json.ErrUnknownName) {
			detail, whole = "is not a field that is known here", "must have known fields only"
		}
	} else if wrong, ok := errors.AsType[*jsontext.SyntacticError](err); ok && errors.Is(err, jsontext.ErrDuplicateName) {
		place, detail, whole = wrong.JSONPointer, "is given more than once", "must have each field at most once"
	}
	if field := named(place); field != "" {
		return FieldError{field, detail}
	}
	return FieldError{"body", whole}
}

// named returns the field to which a JSON pointer leads, without the index within a list. It returns "" if the name may not
// be repeated.
func named(pointer jsontext.Pointer) string {
	var names []string
	for name := range pointer.Tokens() {
		if strings.Trim(name, "0123456789") != "" {
			names = append(names, name)
		}
	}
	if field := strings.Join(names, "."); fieldName.MatchString(field) {
		return field
	}
	return ""
}
