package credential

import (
	"slices"
	"strings"
)

// class is what a name says about its value.
type class int

const (
	// plainName says nothing.
	plainName class = iota
	// keyName is that of some key: a value that looks like a key is one.
	keyName
	// authName may stand for a way to log in, or for NAME:PASSWORD.
	authName
	// objectName stands for a Secret: its name, or its value.
	objectName
	// valueName stands for the credential itself, and passwordName for one that
	// people choose.
	valueName
	passwordName
)

// Named reports whether a name says that what it stands for is a credential.
func Named(name string) bool { return classify(name) > authName }

// maxName bounds a name, in bytes.
const maxName = 128

// classify returns what a name says about its value. A segment of the name that
// stands for a credential counts wherever it is, as in DB_PASSWORD, PASSWORD_DB and
// dbPassword1, unless another one says that the value is something about it, as in
// PASSWORD_FILE.
func classify(name string) class {
	if i := strings.LastIndexByte(name, '/'); i >= 0 { // as annotations have it
		name = name[i+1:]
	}
	if len(name) < 2 || len(name) > maxName || !mayBeNamed(name) {
		return plainName
	}
	if name == "secretKey" { // an ExternalSecret's is the name of a key
		return objectName
	}
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		if c := classifyParts(segmentsOf(name[i+1:])); c > plainName {
			return c
		}
	}
	return classifyParts(segmentsOf(name))
}

// classifyParts is classify for the segments of a name.
func classifyParts(parts []string) class {
	best, first, last := plainName, -1, -1
	for i := range parts {
		if c := segmentClass(parts, i); c > plainName {
			if first < 0 {
				first = i
			}
			best, last = max(best, c), i
		}
	}
	switch {
	case last < 0, slices.ContainsFunc(parts[last+1:], func(s string) bool { return about[s] }),
		slices.ContainsFunc(parts[:first], func(s string) bool { return verbs[s] }), fileTypes[parts[len(parts)-1]], isKeyOf(parts[:last+1]):
		return plainName
	case last > 0 && (parts[last] == "secret" || parts[last] == "secrets") && classOf(parts[last-1]) == passwordName:
		return objectName // the Secret that holds a password
	}
	return best
}

// isKeyOf reports whether a name ends as that of the key below which a Secret holds
// a password, as in passwordKey and passwordSecretKey.
func isKeyOf(parts []string) bool {
	n := len(parts)
	if n < 2 || parts[n-1] != "key" && parts[n-1] != "keys" {
		return false
	}
	if parts[n-2] == "secret" && n > 2 {
		n--
	}
	return classOf(parts[n-2]) == passwordName
}

// segmentClass returns what a segment says, together with those beside it.
func segmentClass(parts []string, i int) class {
	part, before, after := parts[i], "", ""
	if i > 0 {
		before = parts[i-1]
	}
	if i+1 < len(parts) {
		after = parts[i+1]
	}
	switch part {
	case "key", "keys":
		switch {
		case open[before]:
			return plainName
		case keys[before] || before == "secret" || keys[after] && after != "":
			return valueName
		}
		return keyName
	case "auth":
		if after == "" {
			return authName
		}
		return plainName
	case "salt":
		if after == "" {
			return keyName
		}
		return plainName
	case "cookie":
		if before == "erlang" {
			return valueName
		}
		return plainName
	case "secret", "secrets":
		if after == "key" || values[before] {
			return valueName
		}
	case "token":
		if before == "page" || before == "next" || before == "continue" {
			return plainName
		}
	}
	return classOf(part)
}

// classOf returns what a segment says alone.
func classOf(part string) class {
	switch {
	case passwords[part], strings.HasSuffix(part, "password"), strings.HasSuffix(part, "passwd"), strings.HasSuffix(part, "passphrase"),
		strings.HasSuffix(part, "passwort"), strings.HasSuffix(part, "passwords"), strings.HasSuffix(part, "pwd") && part != "oldpwd" && part != "pwd",
		strings.HasSuffix(part, "pass") && !passes[part]:
		return passwordName
	case part == "secret", part == "secrets", part == "credential", part == "credentials", part == "creds", part == "cred":
		return objectName
	case part == "psk", strings.HasSuffix(part, "secret"), strings.HasSuffix(part, "token"), part == "tokens":
		return valueName
	}
	if q, ok := strings.CutSuffix(part, "key"); ok && (keys[q] || q == "secret") {
		return valueName
	}
	return plainName
}

// The words that segments are compared with.
var (
	passwords = words("password passwords passwd passphrase passcode pass pwd pw passwort kennwort senha contrasena motdepasse wachtwoord " +
		"requirepass masterauth bindpw rootpw adminpw userpw dbpw storepw keypw authpw sshpass pepper mnemonic")
	// passes end like the short form of a password.
	passes = words("compass bypass overpass underpass trespass encompass surpass multipass lowpass highpass bandpass nopass allpass onepass twopass firstpass")
	// keys are what a key is for that is a credential.
	keys = words("api access private signing sign signature encryption encrypt enc crypto cipher aes des hmac jwt jws jwe master shared preshared auth " +
		"session cookie account storage service license licence admin root deploy integration ingest ingestion webhook subscription " +
		"application app client wrapping unseal recovery kek dek fernet flask rails django laravel nextauth token bot ssh tls ssl gpg pgp server " +
		"wireguard wg age sops restic borg backup function functions write sas rsa ec ecdsa ed25519 x25519 secretaccess secretapi accountshared")
	// open are what a key is for that anybody may know.
	open = words("public publishable pub partition sort primary foreign row search anon")
	// values are what a secret is for that is not the name of one.
	values = words("client app jwt session cookie oauth oauth2 api shared webhook signing hmac access nextauth csrf consumer encryption " +
		"user admin master login totp otp bot turn token hook state hash cluster erlang oidc sso")
	// about are what follows a credential in the names of things about it.
	about = words("file files filename path paths dir dirs directory folder location url urls uri uris endpoint endpoints host hosts hostname " +
		"server address addr port name names namespace namespaces ref refs reference references id ids arn arns length len size min max count limit limits ttl " +
		"expiry expiration expire expires expired lifetime validity timeout duration age seconds minutes hours days ms millis period interval refresh " +
		"rotation rotate renew renewal policy policies rule rules type types kind mode format algorithm algorithms alg algo method methods provider providers " +
		"backend engine store stores manager source issuer audience scope scopes realm header headers prefix suffix field fields attribute " +
		"attr column claim claims param params parameter version enabled enable disabled disable required optional allowed hasher hashing " +
		"encoder encoding strategy validator validators validation verify verification check checks regex pattern charset reset change " +
		"prompt placeholder label labels title text message messages help hint hints description template templates class cache caching cooldown retry retries " +
		"attempts history strength complexity mount volume annotation env var vars variable index table topic queue group role bits " +
		"rounds iterations fingerprint thumbprint checksum status state updated created modified at time timestamp date request requests response review " +
		"introspection exchange quota rate bucket price cost usage reload sync watch grant grants symbol from invalid missing forgot error errors per in")
	// verbs are what precedes a credential in the names of switches.
	verbs = words("min max num count total enable enables enabled disable disables disabled has is use uses no allow allows without skip show hide " +
		"reset forgot generate validate verify automount rotate watch ignore random existing")
	// fileTypes end the names of files, whose content is looked at.
	fileTypes = words("yaml yml json toml conf config cfg cnf ini xml properties sh bash py js ts go rb php java html css md tpl tmpl sql lua hcl tf crt cer csr pub")
)

func words(list string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(list) {
		out[w] = true
	}
	return out
}

// stems are parts of all names that classify knows, by which it passes most names
// and texts quickly.
var stems = []string{"pass", "pw", "secret", "token", "key", "cred", "auth", "salt", "psk", "cookie", "mnemonic", "kennwort", "senha", "contrasena", "motdepasse", "wachtwoord", "pepper"}

// mayBeNamed reports whether a name has a stem.
func mayBeNamed(name string) bool {
	var buf [maxName]byte
	lower := buf[:0]
	for i := range len(name) {
		c := name[i]
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		lower = append(lower, c)
	}
	return hasStem(string(lower))
}

// hasStem reports whether a text in lower case has a stem.
func hasStem(lower string) bool {
	for _, s := range stems {
		if strings.Contains(lower, s) {
			return true
		}
	}
	return false
}

// segmentsOf returns the words of a name in lower case: those between other
// characters than letters, and those that begin in upper case, as in dbPassword.
func segmentsOf(name string) []string {
	var out []string
	start := -1
	flush := func(end int) {
		if start >= 0 && end > start {
			out = append(out, strings.ToLower(name[start:end]))
		}
		start = -1
	}
	for i := range len(name) {
		c := name[i]
		switch {
		case !isLetter(c):
			flush(i)
			continue
		case start < 0:
			start = i
		case isUpper(c) && (!isUpper(name[i-1]) || i+1 < len(name) && isLetter(name[i+1]) && !isUpper(name[i+1])):
			flush(i)
			start = i
		}
	}
	flush(len(name))
	return out
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
func isUpper(c byte) bool  { return c >= 'A' && c <= 'Z' }
func isDigit(c byte) bool  { return c >= '0' && c <= '9' }
