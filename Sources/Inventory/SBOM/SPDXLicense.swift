/// License expressions of SPDX, told apart from the words that packages use. Source: SPDX specification 2.3, annex D.
enum SPDXLicense {
    /// An expression in which every license is one of SPDX's list.
    struct Expression {
        /// With the list's own spelling.
        let text: String
        /// Whether it is more than the name of one license.
        let isCompound: Bool
    }

    private static let tokenLimit = 64

    /// Nil when any part of `text` is not in the list.
    static func expression(_ text: String) -> Expression? {
        let spaced = text.flatMap { $0 == "(" || $0 == ")" ? [" ", $0, " "] : [$0] }
        let tokens = String(spaced).split(whereSeparator: \.isWhitespace)
        guard !tokens.isEmpty, tokens.count <= tokenLimit else { return nil }
        var written: [String] = []
        var depth = 0
        var state = State.operand
        for token in tokens {
            switch (state, token) {
            case (.operand, "("): depth += 1
            case (.operand, _):
                guard let name = license(token) else { return nil }
                written.append(name)
                state = .license
                continue
            case (.exception, _):
                guard let name = SPDXLicense.exceptions[token.lowercased()] else { return nil }
                written.append(name)
                state = .operator
                continue
            case (.license, ")"), (.operator, ")"):
                guard depth > 0 else { return nil }
                depth -= 1
                state = .operator
            case (.license, "WITH"): state = .exception
            case (.license, "AND"), (.license, "OR"), (.operator, "AND"), (.operator, "OR"): state = .operand
            default: return nil
            }
            written.append(String(token))
        }
        guard depth == 0, state == .license || state == .operator else { return nil }
        let joined = written.joined(separator: " ").replacing("( ", with: "(").replacing(" )", with: ")")
        return Expression(text: joined, isCompound: written.count > 1)
    }

    /// A name for words that are no expression: letters and digits of them, and a hash so that no two share it.
    static func reference(for words: String) -> String {
        let letters = words.prefix(40).map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
        return "LicenseRef-\(String(letters))-\(String(PathHash(words).value, radix: 16))"
    }

    private enum State { case operand, license, exception, `operator` }

    private static func license(_ token: Substring) -> String? {
        let lower = token.lowercased()
        if let name = licenses[lower] { return name }
        // "or any later version" of the older names.
        guard lower.hasSuffix("+"), let name = licenses[String(lower.dropLast())] else { return nil }
        return name + "+"
    }

    private static func byLowerCase(_ names: String) -> [String: String] {
        Dictionary(names.split(whereSeparator: \.isWhitespace).map { ($0.lowercased(), String($0)) }) { first, _ in
            first
        }
    }

    // The names that packages of images use, of SPDX's list 3.24. A name that is missing here is told in its own words.
    private static let licenses = byLowerCase(
        """
        0BSD AFL-2.1 AFL-3.0 AGPL-3.0 AGPL-3.0-only AGPL-3.0-or-later Apache-1.0 Apache-1.1 Apache-2.0 APSL-2.0 Artistic-1.0
        Artistic-1.0-Perl Artistic-2.0 Beerware BlueOak-1.0.0 BSD-1-Clause BSD-2-Clause BSD-2-Clause-FreeBSD
        BSD-2-Clause-Patent BSD-2-Clause-Views BSD-3-Clause BSD-3-Clause-Clear BSD-4-Clause BSD-4-Clause-UC
        BSD-Source-Code BSL-1.0 bzip2-1.0.6 CC-BY-3.0 CC-BY-4.0 CC-BY-SA-3.0 CC-BY-SA-4.0 CC0-1.0 CDDL-1.0 CDDL-1.1 CECILL-2.1
        CPL-1.0 curl EPL-1.0 EPL-2.0 EUPL-1.1 EUPL-1.2 FSFAP FSFUL FSFULLR FTL GD GFDL-1.1 GFDL-1.1-or-later GFDL-1.2
        GFDL-1.2-or-later GFDL-1.3 GFDL-1.3-only GFDL-1.3-or-later GPL-1.0 GPL-1.0-only GPL-1.0-or-later GPL-2.0 GPL-2.0-only
        GPL-2.0-or-later GPL-3.0 GPL-3.0-only GPL-3.0-or-later HPND HPND-sell-variant ICU IJG ImageMagick Info-ZIP IPL-1.0
        ISC JSON LGPL-2.0 LGPL-2.0-only LGPL-2.0-or-later LGPL-2.1 LGPL-2.1-only LGPL-2.1-or-later LGPL-3.0 LGPL-3.0-only
        LGPL-3.0-or-later Libpng libpng-2.0 libtiff LPPL-1.3c MirOS MIT MIT-0 MIT-advertising MIT-CMU MPL-1.0 MPL-1.1 MPL-2.0
        MS-PL MS-RL MulanPSL-2.0 NCSA Net-SNMP NTP OFL-1.0 OFL-1.1 OLDAP-2.8 OpenSSL OSL-3.0 PHP-3.0 PHP-3.01
        PostgreSQL PSF-2.0 Python-2.0 Python-2.0.1 QPL-1.0 Ruby SGI-B-2.0 Sleepycat SMLNJ SSH-OpenSSH SSH-short Sendmail TCL
        TCP-wrappers Unicode-3.0 Unicode-DFS-2015 Unicode-DFS-2016 Unlicense UPL-1.0 Vim W3C Watcom-1.0 WTFPL X11 Xnet
        xpp Zend-2.0 Zlib zlib-acknowledgement ZPL-2.0 ZPL-2.1
        """
    )
    private static let exceptions = byLowerCase(
        """
        Autoconf-exception-2.0 Autoconf-exception-3.0 Bison-exception-2.2 Classpath-exception-2.0 Font-exception-2.0
        GCC-exception-2.0 GCC-exception-3.1 GPL-CC-1.0 Libtool-exception Linux-syscall-note LLVM-exception
        OCaml-LGPL-linking-exception OpenSSL-exception u-boot-exception-2.0
        """
    )
}
