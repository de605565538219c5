package credential_test

import (
	"fmt"

	"github.com/gitopsgen/gitopsgen/pkg/internal/credential"
)

func ExampleFind() {
	fmt.Println(credential.Find("postgres://app:" + "hunter22" + "@db/app"))
	fmt.Println(credential.Find("postgres://app:${PASSWORD}@db/app") == "")
	// Output:
	// a password in a URL
	// true
}

func ExampleRedact() {
	fmt.Printf("there is no kind %q\n", credential.Redact("Deploiment"))
	fmt.Printf("there is no kind %q\n", credential.Redact("AKIA"+"JZDEGXDN2CFU7EPF"))
	// Output:
	// there is no kind "Deploiment"
	// there is no kind "(redacted)"
}
