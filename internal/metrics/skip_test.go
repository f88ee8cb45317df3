package metrics_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// skipped are values that nobody reads. encoding/json accepts some of them and refuses the others.
var skipped = []string{
	`0`, `-0`, `7`, `1234567`, `12345678`, `123456789012345678901234567890`, `00`, `01`, `-01`, `-`, `+1`, `.5`, `5.`, `5.e1`, `1.5`, `-0.0e-1`, `1e5`,
	`1E+5`, `1e`, `1e+`, `1e5.0`, `0x1`, `1_000`, `1 `, ` 1`, "\t1\r\n", "\v1", "1\x00", "\xa01",
	`""`, `"a"`, `"1234567"`, `"12345678"`, `"123456789"`, `"\""`, `"\\"`, `"1234567\""`, `"\\\\\\\\"`, `"\/\b\f\n\r\t"`, `"\u00e9"`, `"\ud83d\ude00"`,
	`"\ud83d"`, `"\uZZZZ"`, `"\u12"`, `"\x"`, `"\`, `"`, "\"\x1f\"", "\"1234567\x00\"", "\"\x7f\"", "\"\xff\xfe\"", "\"é日本語😀!\"", "\" ! \"", "\"\t\"", `'a'`,
	`true`, `false`, `null`, `tru`, `trues`, `True`, `nul`, `n`, `NaN`, `undefined`,
	`{}`, `[]`, `{ }`, `[ ]`, `[1,2]`, `[1 , 2]`, `[1,]`, `[,1]`, `[1 2]`, `[1}`, `{"a":1]`, `{"a":1,}`, `{,}`, `{"a"}`, `{"a":}`, `{"a" : 1 , "b" : 2}`, `{a:1}`, `{"a":1 "b":2}`,
	`{"a":12345678,"b":1}`, `{"a":01,"b":1}`, `{"a":1x,"b":1}`, `{"a":1,"a":2}`, `{"a":{"a":{"a":[{"a":1}]}}}`, `{"\u0061":1}`, `{"a":"b":1}`, `[[[[[]]]]]`, `[[[[[]]]]`, `]`, `}`, `,`, `:`, ``,
}

// A value that nobody reads is checked as encoding/json checks it, wherever it lies among the eight bytes that are looked at at once, and
// whether or not its names came before.
func TestASkippedValueIsChecked(t *testing.T) {
	t.Parallel()
	known := userRow(1, `"x":"","y":{"a":1,"b":2},"a_name_of_more_than_forty_bytes_in_the_report":[{"a":12,"b":1}]`)
	for _, value := range skipped {
		for shift := range 9 {
			row := userRow(2, fmt.Sprintf(`"x":"%s","y":%s,"a_name_of_more_than_forty_bytes_in_the_report":[{"a":%[2]s,"b":%[2]s}]`, strings.Repeat("x", shift), value))
			for _, before := range [][]byte{nil, known} {
				_, err := readRoster(append(bytes.Clone(before), row...))
				if (err == nil) != json.Valid(row) {
					t.Fatalf("encoding/json accepts it: %v; the reader returned %v: %s", json.Valid(row), err, row)
				}
			}
		}
	}
}

// A report that ends anywhere within a row is cut.
func TestACutInASkippedValueIsFound(t *testing.T) {
	t.Parallel()
	row := bytes.TrimSpace(userRow(1, `"x":{"a":1234,"b":"c\u00e9\\","c":[true,null,{"d":-1.5e+3}],"e":""},"y":[[],{}]`))
	for end := 1; end < len(row); end++ {
		_, err := readRoster(append(append(bytes.Clone(row), '\n'), row[:end]...))
		mustBeBroken(t, err, "read per-user report of ", "it ends in the middle of a record")
	}
}

func TestASkippedValueMayBeAsDeepAsEncodingJSONAllows(t *testing.T) {
	t.Parallel()
	for _, pair := range []string{"[]", `{"a":}`} {
		opening, closing := pair[:len(pair)-1], pair[len(pair)-1:]
		for depth := 9_990; depth < 10_010; depth++ {
			value := strings.Repeat(opening, depth) + "1" + strings.Repeat(closing, depth)
			row := userRow(1, `"x":`+value)
			var roster metrics.Roster
			err := metrics.NewUsersReader(date, metrics.Owner{}, roster.Add).ReadPart(bytes.NewReader(row))
			if (err == nil) != json.Valid(row) {
				t.Errorf("%d times %s: encoding/json accepts it: %v; the reader returned %v", depth, pair, json.Valid(row), err)
			}
		}
	}
}
