package edge

import (
	"regexp"
	"strconv"
	"strings"
)

// AcceptsGzip reports whether a caller accepts gzip (RFC 9110, section 12.5.3): the header names gzip or * with a weight above
// zero, and does not prefer an uncompressed answer.
func AcceptsGzip(headers []string) bool {
	weights := map[string]float64{}
	for coding := range strings.SplitSeq(strings.ToLower(strings.Join(headers, ",")), ",") {
		name, parameter, weighted := strings.Cut(coding, ";")
		weight := 1.0
		if weighted {
			weight = quality(strings.TrimSpace(parameter))
		}
		name = strings.TrimSpace(name)
		weights[name] = max(weights[name], weight)
	}
	gzip, named := weights["gzip"]
	if alias, ok := weights["x-gzip"]; !named && ok {
		gzip, named = alias, true
	}
	if !named {
		gzip = weights["*"]
	}
	return gzip > 0 && gzip >= weights["identity"]
}

var qualityPattern = regexp.MustCompile(`^q=(0(\.[0-9]{0,3})?|1(\.0{0,3})?)$`)

// quality reads a weight. It returns 0 for an invalid weight, because an uncompressed answer is always safe.
func quality(parameter string) float64 {
	parts := qualityPattern.FindStringSubmatch(parameter)
	if parts == nil {
		return 0
	}
	weight, _ := strconv.ParseFloat(parts[1], 64) // digits
	return weight
}
