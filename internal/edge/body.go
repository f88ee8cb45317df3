package edge

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"net/http"
	"regexp"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// maxBody is the largest request taken.
const maxBody = 16 << 10

// ReadJSON decodes the body, which must be one JSON object of known fields, each named exactly so and at most once. No field
// takes null: what stays as it is, is left out.
func ReadJSON(w http.ResponseWriter, r *http.Request, into any) *Problem {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
			return NewProblem(http.StatusRequestEntityTooLarge, "too_large", "The body is larger than 16 KiB.")
		}
		return Invalid(FieldError{"body", "did not arrive whole"})
	}
	err = json.Unmarshal(body, into, json.RejectUnknownMembers(true))
	if err == nil && jsontext.Value(body).Kind() != '{' { // null, which would leave everything as it is
		err = errNoObject
	}
	if err != nil {
		return Invalid(explain(err))
	}
	if wrong := nulls(body); wrong != nil {
		return Invalid(wrong...)
	}
	return nil
}

// nulls names each field of a valid body that is null, or holds a null: decoding takes it for one that is left out.
func nulls(body []byte) (wrong []FieldError) {
	decoder := jsontext.NewDecoder(bytes.NewReader(body))
	for {
		token, err := decoder.ReadToken()
		if err != nil { // the end of what was decoded before
			return wrong
		}
		if token.Kind() == 'n' {
			wrong = append(wrong, FieldError{cmp.Or(named(decoder.StackPointer()), "body"), "must not be null: leave it out"})
		}
	}
}

var errNoObject = errors.New("no JSON object")

// fieldName is how names of fields look. Anything else in a name's place may be a secret and is not repeated.
var fieldName = regexp.MustCompile(`^[A-Za-z]{1,32}(\.[A-Za-z]{1,32})*$`)

// explain says what is wrong with a body, of the field where it can be named.
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

// named is the field that a pointer leads to, without the index within a list; empty where there is none to name.
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
