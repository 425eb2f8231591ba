import ArgumentParser
import KMSClient

/// The flags that all changing commands share: the reason, a dry run, and the key under which the request may be repeated.
struct ChangeFlags: ParsableArguments {
    @Option(
        help: """
            The reason: unspecified, keyCompromise, affiliationChanged, superseded, cessationOfOperation or privilegeWithdrawn.
            """)
    var reason: String?

    @Option(help: "The reason in your own words; requires --reason.")
    var comment: String?

    @Flag(help: "Change nothing; print what would change, and what would stop working.")
    var dryRun = false

    @Option(help: "A name for this request. Repeated under the same name, it is performed once.")
    var idempotencyKey: String?

    @OptionGroup var view: ViewOptions

    var options: ChangeOptions {
        var options = ChangeOptions()
        options.reason = reason
        options.comment = comment
        options.isDryRun = dryRun
        options.idempotencyKey = idempotencyKey
        return options
    }
}
