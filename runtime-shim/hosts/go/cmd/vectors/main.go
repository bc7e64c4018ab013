// Command vectors plays the vectors that all hosts share: vectors VECTORS ARTIFACTS. It ends with the line "N passed, N failed".
package main

import (
	"fmt"
	"os"

	"simc.example/simc"
	"simc.example/simc/internal/vectors"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: vectors VECTORS ARTIFACTS")
		os.Exit(2)
	}
	passed, failed, err := vectors.Run(os.Stdout, os.Args[1], os.Args[2], func(string) []simc.Option { return nil })
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Printf("%d passed, %d failed\n", passed, failed)
	if failed > 0 || passed == 0 {
		os.Exit(1)
	}
}
