package metrics

import (
	"errors"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// rows is a list within a record. Its length is checked while it is read, because a list of empty rows needs far more memory than its
// text.
type rows[T any] []T

// UnmarshalJSONFrom implements json.UnmarshalerFrom.
func (r *rows[T]) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	if dec.PeekKind() != '[' { // null, or a wrong type
		return json.UnmarshalDecode(dec, (*[]T)(r))
	}
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	*r = rows[T]{}
	for dec.PeekKind() != ']' {
		if len(*r) == maxRows {
			return errors.New("a list has too many rows")
		}
		var row T
		if err := json.UnmarshalDecode(dec, &row); err != nil {
			return err
		}
		*r = append(*r, row)
	}
	_, err := dec.ReadToken()
	return err
}
