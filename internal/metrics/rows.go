package metrics

import (
	"bytes"
	"encoding/json"
	"errors"
)

// rows is a list within a record. It is bounded while it is read, as a list of empty rows takes far more memory
// than its text.
type rows[T any] []T

// UnmarshalJSON implements json.Unmarshaler.
func (r *rows[T]) UnmarshalJSON(text []byte) error {
	if text[0] != '[' { // null, or of the wrong type
		return json.Unmarshal(text, (*[]T)(r))
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	if _, err := dec.Token(); err != nil {
		return err
	}
	*r = rows[T]{}
	for dec.More() {
		if len(*r) == maxRows {
			return errors.New("a list has too many rows")
		}
		var row T
		if err := dec.Decode(&row); err != nil {
			return err
		}
		*r = append(*r, row)
	}
	return nil
}
