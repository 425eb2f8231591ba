enum ThreadExecutorPlaceholder {}
