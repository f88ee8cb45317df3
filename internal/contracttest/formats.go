package contracttest

import (
	"encoding/json"
	"errors"
	"strconv"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// numberFormats are the formats that OpenAPI adds to those of JSON Schema.
var numberFormats = []*jsonschema.Format{
	{Name: "int32", Validate: whole(32)},
	{Name: "int64", Validate: whole(64)},
	{Name: "double", Validate: func(value any) error {
		if number, ok := value.(json.Number); ok {
			_, err := number.Float64()
			return err
		}
		return nil
	}},
}

// whole accepts whole numbers of so many bits without decimals or exponent. It accepts every value that is not a number.
func whole(bits int) func(value any) error {
	return func(value any) error {
		number, ok := value.(json.Number)
		if !ok {
			return nil
		}
		if _, err := strconv.ParseInt(number.String(), 10, bits); err != nil {
			return errors.New("is no whole number of " + strconv.Itoa(bits) + " bits")
		}
		return nil
	}
}
