package simc

import (
	"fmt"
	"strconv"
)

// A Code says what went wrong. Codes are the same in every language's host; a Code is itself an error, for [errors.Is].
type Code string

// What can go wrong.
const (
	// UnknownName is for a name that no variable, element, table or output has. Fields Name and Suggestion.
	UnknownName Code = "unknown-name"
	// AmbiguousName is for a constant that is given twice under two spellings. Field Name.
	AmbiguousName Code = "ambiguous-name"
	// NotSettable is for what is no constant; the message says why. Field Variable.
	NotSettable Code = "not-settable"
	// Shape is for too many or too few numbers, for values that are no numbers, and for other subscripts than the variable
	// has. Field Variable.
	Shape Code = "shape"
	// BadValue is for NaN or infinity as a constant, and for points of a table that do not ascend or do not fit. Field
	// Variable.
	BadValue Code = "bad-value"
	// BadTime is for a target that is no number, and for a time without a saved row.
	BadTime Code = "bad-time"
	// Transport is for a conveyor or queue that cannot go on. Fields Variable and Run.
	Transport Code = "transport"
	// BadArtifact is for bytes that are no artifact, cut short or forged. Field Byte.
	BadArtifact Code = "bad-artifact"
	// WrongArtifact is for another artifact than was asked for, and for the engine of another artifact.
	WrongArtifact Code = "wrong-artifact"
	// Unsupported is for a newer format, and for what the artifact was not built for.
	Unsupported Code = "unsupported"
	// Closed is for a Sim or Model that was closed.
	Closed Code = "closed"
	// Busy is for two goroutines in one Sim.
	Busy Code = "busy"
	// Memory is for more numbers than an array can have.
	Memory Code = "memory"
)

// Error makes a Code a target of [errors.Is].
func (code Code) Error() string {
	return string(code)
}

// An Error is what every function of this package fails with, but for two errors that are not its own: that of a context that has ended, and
// in [LoadFile] that of a file that cannot be read.
type Error struct {
	// Code is for programs.
	Code Code
	// Message is for people.
	Message string
	// Name is the name as it was given.
	Name string
	// Suggestion is the nearest name that there is, or empty.
	Suggestion string
	// Variable is the variable or element at fault.
	Variable string
	// Byte is the offset in the artifact at which it shows that it is none.
	Byte int
	// Run has the rows that were saved before a conveyor or queue failed.
	Run *Run
}

// Error gives the code and the message.
func (e *Error) Error() string {
	return string(e.Code) + ": " + e.Message
}

// Is reports whether target is the code of this error.
func (e *Error) Is(target error) bool {
	code, isCode := target.(Code)
	return isCode && code == e.Code
}

func failure(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// badArtifact is for an artifact that is not as it should be, with the byte at which that shows.
func badArtifact(at int, format string, args ...any) *Error {
	message := fmt.Sprintf(format, args...)
	return &Error{Code: BadArtifact, Message: fmt.Sprintf("not an artifact of simc: %s (byte %d)", message, at), Byte: at}
}

const longestShown = 60

// shown is a text in a message, in few characters.
func shown(text string) string {
	letters := []rune(text)
	if len(letters) > longestShown {
		text = string(letters[:longestShown]) + "..."
	}
	return strconv.Quote(text)
}
