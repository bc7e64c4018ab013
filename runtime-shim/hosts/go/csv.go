package simc

import (
	"math"
	"strconv"
	"strings"
)

// manyDigits is from where on two shortest texts can be equally near to a number.
const manyDigits = 15

// numberText is a number as the shortest text that reads back to the same double: digits from 1e-5 to 1e16, else with an exponent.
func numberText(value float64) string {
	switch size := math.Abs(value); {
	case math.IsNaN(value):
		return "NaN"
	case math.IsInf(value, 1):
		return "inf"
	case math.IsInf(value, -1):
		return "-inf"
	case size == 0 || (size >= 1e-5 && size < 1e16):
		return upperOfTwo(value, strconv.FormatFloat(value, 'f', -1, 64))
	}
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(value, 'e', -1, 64), "e")
	sign := ""
	if exponent[0] == '-' {
		sign = "-"
	}
	return upperOfTwo(value, mantissa+"e"+sign+strings.TrimLeft(exponent, "+-0"))
}

// upperOfTwo takes, of two shortest texts that are equally near, the one away from zero, as `simc run` does.
func upperOfTwo(value float64, text string) string {
	if len(text) < manyDigits {
		return text
	}
	shortest := digitsOf(strconv.FormatFloat(value, 'e', -1, 64))
	if len(shortest) < manyDigits {
		return text
	}
	exact := digitsOf(strconv.FormatFloat(value, 'e', len(shortest)+30, 64))
	isTie := strings.HasPrefix(exact, shortest) && strings.TrimRight(exact[len(shortest):], "0") == "5"
	if !isTie {
		return text
	}
	// The last digit is even: the next one needs no carry.
	last := len(text) - 1
	if exponent := strings.IndexByte(text, 'e'); exponent >= 0 {
		last = exponent - 1
	}
	other := text[:last] + string(text[last]+1) + text[last+1:]
	if parsed, err := strconv.ParseFloat(other, 64); err == nil && parsed == value {
		return other
	}
	return text
}

func digitsOf(exponential string) string {
	mantissa, _, _ := strings.Cut(exponential, "e")
	return strings.NewReplacer("-", "", ".", "").Replace(mantissa)
}

// writeCSV writes columns of one length: a header row, then a row for each number.
func writeCSV(text *strings.Builder, columns []Column) {
	for i, column := range columns {
		if i > 0 {
			text.WriteByte(',')
		}
		if strings.ContainsAny(column.Title, "\",\r\n") {
			text.WriteString(`"` + strings.ReplaceAll(column.Title, `"`, `""`) + `"`)
		} else {
			text.WriteString(column.Title)
		}
	}
	text.WriteByte('\n')
	for row := range columns[0].Values {
		for i, column := range columns {
			if i > 0 {
				text.WriteByte(',')
			}
			text.WriteString(numberText(column.Values[row]))
		}
		text.WriteByte('\n')
	}
}
