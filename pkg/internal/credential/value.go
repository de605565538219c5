package credential

import (
	"regexp"
	"strings"
)

// isSetting reports whether a value below a name is certainly no credential: it
// refers to one, takes the place of one, or is a path, a switch, a duration or a
// sentence.
func isSetting(c class, value string) bool {
	value = strings.TrimSpace(value)
	value = value[:min(len(value), maxValue)]
	if value == "" || len(value) < 2 && c != passwordName || isPlaceholder(value) || isReference(value) || isPath(value) || settings[strings.ToLower(value)] || isSentence(value) {
		return true
	}
	if strings.Contains(value, "://") || value[0] == '{' && value[len(value)-1] == '}' || value[0] == '[' || value[0] == '<' && strings.Contains(value, ">") {
		return true // its parts are looked at
	}
	if number.MatchString(value) {
		return c != passwordName || len(value) < 4
	}
	switch {
	case measure.MatchString(value), isPublic(value), strings.HasPrefix(value, "ssh-"), strings.HasPrefix(value, "ecdsa-"):
		return true
	case c == keyName:
		return len(value) < 16 || strings.ContainsAny(value, " ./:") || !varied(value)
	case c == authName:
		_, password, ok := strings.Cut(value, ":")
		return !isBasic(value) && (!ok || password == "" || strings.ContainsAny(value, " /")) && !Random(value) && !(varied(value) && len(value) >= 12)
	case c == objectName:
		return objects.MatchString(value)
	}
	return false
}

var (
	number  = regexp.MustCompile(`^-?\d+(?:\.\d+)?$`)
	measure = regexp.MustCompile(`^(?:\d+(?:\.\d+)?(?:ns|us|ms|s|m|h|d|w|y|%|[KMGT]i?B?)){1,4}$|^P(?:\d+[YMWD])*(?:T(?:\d+[HMS])+)?$`)
	// objects are the names of Secrets, with a namespace or a key.
	objects = regexp.MustCompile(`^[a-z]+(?:-[a-z]+)*(?:-v?\d{1,2})?(?:[/.:][a-z]+(?:-[a-z]+)*)*$`)
)

// settings are words that are no credentials in any place.
var settings = words("~ true false yes no on off enabled disabled enable disable none null nil undefined void never always auto automatic default optional required " +
	"basic bearer plain digest oauth oauth2 oidc ldap saml jwt x509 mtls kerberos anonymous token_auth string str text varchar char int integer bool boolean object any bytes " +
	"secretstr number uuid file env environment vault kubernetes k8s aws gcp azure iam input hidden prompt redacted removed omitted masked unset unused n/a tbd todo fixme " +
	"placeholder dummy example sample withheld not-used notused ifnotpresent rs256 hs256 es256 external internal generated random userpass approle")

// placeholders are what people write where a credential would stand.
var placeholders = regexp.MustCompile(`(?i)x{6,}|\*{3,}|\.{3,}|^(?:x{2,}|[.*_\-?…#]+)$|\byour[-_ ]|^your|[-_]here\b|placeholder|redacted|` +
	`^change[-_ ]?(?:me|it|this)|replace[-_ ]?(?:me|this|with)|^(?:insert|enter|put|set)[-_ ](?:your|me|the)|^<[^<>]*>$|^todo\b|^fixme\b|^fake[-_]|^dummy[-_]|^not-a-|^example[-_]|[-_]example$`)

// examples are parts of keys that the manuals of their services print, and that
// emulators have.
var examples = regexp.MustCompile(`EXAMPLE|abcdefghijklmnop|0123456789abcdef0123|Eby8vdM02xNOcqFl|C2y6yDjf5/R\+ob0N|4eC39HqLyjWD|yAnz5TF\+lXXJ|` +
	`eyJzdWIiOiIxMjM0NTY3ODkwI|J3DBrfoc|DaGmWKa4JsXZ-Hj`)

// isPlaceholder reports whether a key takes the place of one. What is beside Redacted
// is judged without it: it may be the rest of a credential.
func isPlaceholder(key string) bool {
	key = strings.ReplaceAll(key, Redacted, "")
	return placeholders.MatchString(key) || examples.MatchString(key)
}

// isReference reports whether a key is a reference to something, such as
// ${PASSWORD}, or an upper case word that stands for one.
func isReference(key string) bool {
	switch key[0] {
	case '$':
		if len(key) == 1 || key[1] == '(' || key[1] == '{' || key[1] == '_' || reference.MatchString(key) {
			return true
		}
	case '{', '<', '(', '[', '`':
		return key[len(key)-1] == closing[key[0]] || strings.Contains(key, "{{")
	case '%', '!', '@', '#':
		if marked.MatchString(key) {
			return true
		}
	}
	return strings.Contains(key, "${") || strings.Contains(key, "$(") || strings.Contains(key, "{{") || strings.Contains(key, "<%") ||
		elsewhere.MatchString(key) || upper.MatchString(key)
}

var (
	closing = map[byte]byte{'{': '}', '<': '>', '(': ')', '[': ']', '`': '`'}
	// reference is a variable of a shell, or the name of a key: $db-password.
	reference = regexp.MustCompile(`^\$(?:[A-Z_][A-Z0-9_]*|[a-z]+[a-z0-9]*(?:[-_:.][a-zA-Z0-9]+)+|(?i:[a-z_]*(?:password|passwd|pass|pwd|secret|token|key|user|creds?)\d?))["'),;\]}]*$`)
	marked    = regexp.MustCompile(`^(?:%[sdvqw({].*|%[A-Za-z_]+%|![A-Za-z]+\b.*|@[A-Z][\w.]+\(.*|@[A-Za-z_]+@|#\{.*)$`)
	// upper is a word that stands for what is put there.
	upper = regexp.MustCompile(`^(?:[A-Z0-9]+_)*(?:PASSWORD|PASSWD|PASS|PWD|SECRET|TOKEN|KEY|CHANGEME)$`)
	// elsewhere is where a credential lies, and one that is encrypted.
	elsewhere = regexp.MustCompile(`^(?:vault|ref\+\w+|op|sm|awssm|awssmp|awsssm|ssm|gcpsm|azurekeyvault|akv|AKV|bao|doppler|secretref|secret|k8s|env|ENV|file|from):[/A-Za-z]|^arn:|^projects/[^/]+/|` +
		`^ENC[\[(]|^\{cipher\}|^\$ANSIBLE_VAULT|^vault:v\d|^Ag[ABC][A-Za-z0-9+/]{16,}|^(?:ENV|os\.environ|process\.env|System\.getenv|os\.Getenv|os\.getenv|getenv|lookup|var|local|data|module|secrets|vars|config)[.(\[]`)
)

// isPath reports whether a value is the path of a file, or of an entry in a store.
func isPath(value string) bool {
	if strings.ContainsAny(value, " \t") || !strings.ContainsAny(value, `/\`) {
		return false
	}
	if len(value) > 2 && value[1] == ':' && value[2] == '\\' || strings.HasPrefix(value, "HK") && strings.Contains(value, `\`) {
		return true
	}
	rooted := value[0] == '/' || strings.HasPrefix(value, "./") || strings.HasPrefix(value, "../") || strings.HasPrefix(value, "~/")
	if !rooted && !relative.MatchString(value) {
		return false
	}
	for part := range strings.SplitSeq(value, "/") {
		if len(part) >= 10 && mixed(part) && varied(part) || strings.ContainsAny(part, "+=!$&*") {
			return false
		}
	}
	return true
}

// relative is a path of words, without a root.
var relative = regexp.MustCompile(`^[a-z][a-z0-9_.-]*/(?:[a-z][a-z0-9_.-]*/)+[A-Za-z_.-][a-z0-9A-Z_.-]*(?:#[\w.-]+)?$`)

// isSentence reports whether a value is what people read.
func isSentence(value string) bool {
	fields := strings.Fields(value)
	if len(fields) < 2 {
		return labels[value]
	}
	common, own := 0, 0
	for _, w := range fields {
		w = strings.ToLower(strings.Trim(w, ".,:;!?()'\""))
		if glue[w] {
			common++
		}
		if classOf(w) > plainName {
			own++
		}
	}
	return common > 1 && (own > 0 || strings.ContainsAny(value[len(value)-1:], ".?!")) || common > 0 && own > 0 || common*3 > len(fields) && common > 1 ||
		own > 0 && strings.ContainsAny(value[len(value)-1:], ".?!")
}

var (
	// glue are the words of sentences that passphrases are rarely made of.
	glue = words("a an is are must please enter your you to of for with and or be not invalid forgot reset new choose confirm this that from by was has if when use used set see least characters required")
	// labels are what forms call a password.
	labels = words("Password Passwort Passphrase Credentials")
)

// isCode reports whether a value without quotes is an expression of a program, such
// as a call or a member.
func isCode(value string) bool { return expression.MatchString(value) }

var expression = regexp.MustCompile(`^[A-Za-z_$*&!][\w$]*(?:\(|\[|\.[A-Za-z_]+(?:[.(\[]|$)|->)|^(?:await|new|return|func|function|lambda|not|index|include|lookup|tpl|default|printf|required)\s|^\w+\s*\(`)

// isPublic reports whether a key is one that a service hands out to everybody.
func isPublic(key string) bool {
	return strings.HasPrefix(key, "pk_live_") || strings.HasPrefix(key, "pk_test_") || strings.HasPrefix(key, "pk.") || strings.HasPrefix(key, "phc_")
}
